/** Compares secret files with those on disk. Pure; texts are compared here and go no further. */
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { SecretChange } from './operations.ts';

/** The file's text, or null while one of its values is not there yet (a generated secret before the first `up`). */
export function renderSecretFile(file: SecretFile, values: ReadonlyMap<string, string>): string | null {
  return file.secrets.every((id) => values.has(id)) ? file.render(values) : null;
}

/** What must be written and removed, sorted by path. `existing`: text by path of everything in mounted secret directories. */
export function compareSecretFiles(
  files: readonly SecretFile[],
  values: ReadonlyMap<string, string>,
  existing: ReadonlyMap<string, string>,
): readonly SecretChange[] {
  const wanted = new Set(files.map(({ path }) => path));
  const written = files.flatMap((file): readonly SecretChange[] => {
    const before = existing.get(file.path);
    if (before === undefined) return [{ path: file.path, action: 'create' }];
    return renderSecretFile(file, values) === before ? [] : [{ path: file.path, action: 'update' }];
  });
  const removed = [...existing.keys()]
    .filter((path) => !wanted.has(path))
    .map((path): SecretChange => ({ path, action: 'remove' }));
  return [...written, ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
}
