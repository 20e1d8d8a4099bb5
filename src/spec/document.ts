/** A spec that passed validation, with what is needed to point into its text later. */
import { formatPath } from './format-path.ts';
import type { SpecIssue } from './issues.ts';
import type { Locate } from './positions.ts';
import type { Spec } from './schema/spec.ts';
import type { SpecPath } from './yaml-tree.ts';

export interface SpecDocument {
  readonly spec: Spec;
  /** The file as the user named it. */
  readonly file: string;
  readonly locate: Locate;
}

/** A problem that has no line yet. `part` says whether the key or the value is to blame. */
export interface Problem {
  readonly path: SpecPath;
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** A problem with a key's value, the usual case. */
export function problem(path: SpecPath, message: string, part: 'key' | 'value' = 'value'): Problem {
  return { path, part, message };
}

/** Problems with their places, in the order of the text, without repeats. */
export function placeProblems(
  problems: readonly Problem[],
  file: string,
  locate: Locate,
): readonly SpecIssue[] {
  const seen = new Set<string>();
  return problems
    .map(({ path, part, message }) => ({ file, ...locate(path, part), path: formatPath(path), message }))
    .filter(({ path, message }) => {
      const id = `${path}\n${message}`;
      return seen.has(id) ? false : seen.add(id);
    })
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}
