/**
 * What the schema takes but this version of pgmon cannot do yet. A spec that asks for it is refused with this list:
 * nothing that is asked for is silently left out. A row goes away when the feature arrives.
 */
import { type Problem, problem } from './document.ts';
import type { Spec } from './schema/spec.ts';
import type { SpecPath } from './yaml-tree.ts';

export interface NotYet {
  /** `*` stands for every entry of a list. */
  readonly path: readonly string[];
  /** What the user asks for by it, in words. */
  readonly feature: string;
  /** Value that needs nothing; absent = the key's presence is the request. */
  readonly harmless?: unknown;
}

export const NOT_YET: readonly NotYet[] = [
  { path: ['servers', '*', 'via'], feature: 'a connection through PgBouncer', harmless: 'direct' },
  { path: ['servers', '*', 'role'], feature: 'a fixed role of a server', harmless: 'auto' },
  { path: ['servers', '*', 'drill'], feature: 'fire drills', harmless: false },
  { path: ['prometheus', 'remoteWrite'], feature: 'remote write' },
  { path: ['proxy'], feature: 'a reverse proxy' },
  { path: ['logs'], feature: 'logs' },
  { path: ['traces'], feature: 'traces' },
  { path: ['longTerm'], feature: 'long-term storage' },
  { path: ['ha'], feature: 'a pair of machines' },
  { path: ['backup'], feature: 'backups' },
  { path: ['drill'], feature: 'fire drills' },
  { path: ['kubernetes'], feature: 'Kubernetes resources' },
];

interface Found {
  readonly path: SpecPath;
  readonly value: unknown;
}

function child({ path, value }: Found, key: string): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  if (key === '*')
    return Array.isArray(value) ? value.map((item, i) => ({ path: [...path, i], value: item })) : [];
  const inner = (value as Record<string, unknown>)[key];
  return inner === undefined ? [] : [{ path: [...path, key], value: inner }];
}

/** One problem for each request that this version cannot fulfil. */
export function findNotYetProblems(spec: Spec): readonly Problem[] {
  return NOT_YET.flatMap(({ path, feature, harmless }) =>
    path
      .reduce<readonly Found[]>(
        (found, key) => found.flatMap((each) => child(each, key)),
        [{ path: [], value: spec }],
      )
      .filter(({ value }) => harmless === undefined || value !== harmless)
      .map((found) =>
        problem(found.path, `asks for ${feature}, which this version of pgmon does not do yet`, 'key'),
      ),
  );
}
