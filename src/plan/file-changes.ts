/** Compares rendered files with those on disk. Pure; what is not ours is never part of a change but as something to refuse. */
import { GENERATED_MARK } from '../conventions.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';

export interface FileChange {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  readonly action: 'create' | 'update' | 'remove';
  /** Null when there is no such file yet. */
  readonly before: string | null;
  /** Null when the file goes. */
  readonly after: string | null;
}

/** True when pgmon wrote this text: its first line carries GENERATED_MARK. */
export function isGenerated(content: string): boolean {
  const end = content.indexOf('\n');
  return (end === -1 ? content : content.slice(0, end)).includes(GENERATED_MARK);
}

function changeOf(file: RenderedFile, before: string | undefined): readonly FileChange[] {
  const { path, content: after } = file;
  if (before === undefined) return [{ path, action: 'create', before: null, after }];
  return before === after ? [] : [{ path, action: 'update', before, after }];
}

/**
 * What must be written and removed so that the disk holds `rendered`, sorted by path. `existing`: text by path.
 * Existing files that pgmon did not write are left out, unless a rendered file has their path (see `foreignPaths`).
 */
export function compareFiles(
  rendered: readonly RenderedFile[],
  existing: ReadonlyMap<string, string>,
): readonly FileChange[] {
  const wanted = new Set(rendered.map((file) => file.path));
  const written = rendered.flatMap((file) => changeOf(file, existing.get(file.path)));
  const removed = [...existing]
    .filter(([path, content]) => !wanted.has(path) && isGenerated(content))
    .map(([path, before]): FileChange => ({ path, action: 'remove', before, after: null }));
  return [...written, ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths that a change would overwrite although pgmon did not write what is there. */
export function foreignPaths(changes: readonly FileChange[]): readonly string[] {
  return changes
    .filter((change) => change.before !== null && !isGenerated(change.before))
    .map((change) => change.path);
}
