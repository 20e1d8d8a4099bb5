/** Hops with very many results in the table of `pgmon check`: nobody reads hundreds of rows that say "live"; --json and JUnit have each. */
import { PANEL_WORDS } from '../panels/check/judge-panel.ts';
import { LIVE, SILENT_BY_DESIGN } from '../verify/alerts/judge-alert.ts';
import type { CheckResult, Hop } from '../verify/check-result.ts';

/** Alerts are counted by family, panels by dashboard: what stands before the first `/` of the subject. */
const COUNTED_HOPS: readonly Hop[] = ['alerts', 'panels'];
/** What details begin with, in the order in which they are counted. */
const WORDS: readonly string[] = [LIVE, SILENT_BY_DESIGN, ...Object.values(PANEL_WORDS), 'empty'];

/** `alerts/wal`, of a result that is in order; null for one that gets a row of its own. */
function groupOf({ hop, subject, status }: CheckResult): string | null {
  const [group = '', name] = subject.split('/');
  return COUNTED_HOPS.includes(hop) && status !== 'fail' && name !== undefined ? `${hop}/${group}` : null;
}

function groupRow(results: readonly CheckResult[]): readonly string[] {
  const [first] = results;
  const seen = results.map(({ detail }) => detail.split(':')[0] ?? '');
  const words = WORDS.flatMap((word) => {
    const count = seen.filter((one) => one === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const status = results.some((result) => result.status === 'pass') ? 'pass' : 'skip';
  return [first?.hop ?? '', first?.subject.split('/')[0] ?? '', status, words.join(', ')];
}

/** One row for each result, but one for all of a group that are in order, where the first of them stood. */
export function tableRows(results: readonly CheckResult[]): readonly (readonly string[])[] {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    const group = groupOf(result);
    if (group === null) continue;
    const own = groups.get(group) ?? [];
    own.push(result);
    groups.set(group, own);
  }
  return results.flatMap((result) => {
    const group = groupOf(result);
    if (group === null) return [[result.hop, result.subject, result.status, result.detail]];
    const own = groups.get(group) ?? [];
    return own[0] === result ? [groupRow(own)] : [];
  });
}
