/** The table of inhibitions fits the alerts that it names. */
import { describe, expect, it } from 'vitest';
import { ALERT_NAMES, findAlert } from '../../../src/catalog/alerts/every-alert.ts';
import { INHIBITIONS } from '../../../src/catalog/alerts/inhibitions.ts';
import { PROOFS } from '../../../src/catalog/proofs/all-proofs.ts';
import type { Proof } from '../../../src/catalog/proofs/proof.ts';

const namedBy = ({ sources, targets }: (typeof INHIBITIONS)[number]): readonly string[] => [
  ...sources,
  ...(targets === 'everything' ? [] : targets),
];
const NAMED = [...new Set(INHIBITIONS.flatMap(namedBy))];
const LABELS = new Map(
  Object.values<Readonly<Record<string, Proof>>>(PROOFS).flatMap((family) =>
    Object.entries(family).map(([name, { labels }]) => [name, Object.keys(labels)] as const),
  ),
);

/** What an alert carries when it fires, as its proof has it; rendering adds a server's own. */
function labelsOf(name: string): readonly string[] {
  const own = LABELS.get(name) ?? [];
  return findAlert(name)?.alert.scope === 'server' ? [...own, 'environment', 'instance'] : own;
}

describe('inhibitions', () => {
  it('name alerts that exist', () => {
    expect(NAMED.filter((name) => !ALERT_NAMES.includes(name))).toEqual([]);
  });

  // Two alerts that both lack a label count as equal in it: one database's alert would hide another's.
  it('compare labels that the alerts have', () => {
    const missing = INHIBITIONS.flatMap((one) =>
      namedBy(one).flatMap((name) =>
        one.equal
          .filter((label) => !labelsOf(name).includes(label))
          .map((label) => `${name} has no ${label}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('are never in a circle', () => {
    const hides = (name: string): readonly string[] =>
      INHIBITIONS.flatMap(({ sources, targets }) =>
        targets !== 'everything' && sources.includes(name) ? targets : [],
      );
    for (const name of NAMED) {
      const seen = new Set<string>();
      const open = [...hides(name)];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (!seen.has(next)) open.push(...hides(next));
        seen.add(next);
      }
      expect(seen.has(name), name).toBe(false);
    }
  });
});
