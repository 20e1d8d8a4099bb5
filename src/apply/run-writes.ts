/** Writes rendered files and secret files, and knows how to bring back what was there before. */
import path from 'node:path';
import { GENERATED_SECRETS_DIR, SECRETS_DIR } from '../conventions.ts';
import type { FileChange } from '../plan/file-changes.ts';
import type { OperationOf } from '../plan/operations.ts';
import { renderSecretFile } from '../plan/secret-changes.ts';
import { isSystemFile } from '../stack/system-files.ts';
import { type ApplyDeps, uninterrupted } from './apply-deps.ts';
import type { Journal } from './journal.ts';
import { previousContents, writeSecretFiles } from './secret-files.ts';
import { writeFiles } from './write-files.ts';

const INVERSE = { create: 'remove', remove: 'create', update: 'update' } as const;

function inverseOf(change: FileChange): FileChange {
  return { path: change.path, action: INVERSE[change.action], before: change.after, after: change.before };
}

/** Removes directories that the removal of these files has left empty, up to the output directory itself and never outside of it. */
async function removeEmptyParents({ host, context }: ApplyDeps, files: readonly string[]): Promise<void> {
  const parents = (file: string): readonly string[] => {
    const parent = path.posix.dirname(file);
    return parent === '.' || parent.startsWith('..') ? [] : [parent, ...parents(parent)];
  };
  const dirs = [...new Set(files.flatMap(parents))].sort((a, b) => b.length - a.length);
  for (const dir of dirs) {
    const absolute = path.join(context.outDir, dir);
    if ((await host.fs.list(absolute)).length === 0) await host.fs.remove(absolute);
  }
}

/** A runtime that reads definitions from the disk must hear of their change. */
async function rereadIfNeeded({ provider }: ApplyDeps, changes: readonly FileChange[]): Promise<void> {
  if (changes.some((change) => isSystemFile(change.path))) await provider.reread(uninterrupted());
}

export async function runWriteFiles(
  deps: ApplyDeps,
  journal: Journal,
  { changes, resource }: OperationOf<'write-files'>,
): Promise<void> {
  let isWritten = false;
  const run = async () => {
    if (isWritten) await writeFiles(deps.host, deps.context.outDir, changes.map(inverseOf));
    const created = changes.filter(({ action }) => action === 'create').map((change) => change.path);
    await removeEmptyParents(deps, created);
    if (isWritten) await rereadIfNeeded(deps, changes);
  };
  // Noted before: a write that fails takes its files back, but not the directories that it made.
  journal.undos.push({ phase: 'files', resource, run });
  await writeFiles(deps.host, deps.context.outDir, changes);
  isWritten = true;
  await rereadIfNeeded(deps, changes);
}

/** Generated secrets belong to the data that was made with them: they go only when no volume is left. */
async function removeOrphanedSecrets(deps: ApplyDeps, journal: Journal, hadSecrets: boolean): Promise<void> {
  const isDataLeft = deps.rendered.volumes.some((key) => !journal.absentVolumes.has(key));
  if (hadSecrets || isDataLeft) return;
  const { fs } = deps.host;
  const dir = path.join(deps.context.outDir, SECRETS_DIR);
  await fs.remove(path.join(deps.context.outDir, GENERATED_SECRETS_DIR));
  // What somebody else put there stays, and stays out of version control.
  if ((await fs.list(dir)).every((name) => name === '.gitignore')) await fs.remove(dir);
}

export async function runWriteSecrets(
  deps: ApplyDeps,
  journal: Journal,
  { changes, resource }: OperationOf<'write-secrets'>,
): Promise<void> {
  const { host, context, rendered } = deps;
  const place = { outDir: context.outDir, runtime: rendered.runtime };
  const hadSecrets = (await host.fs.list(path.join(context.outDir, GENERATED_SECRETS_DIR))).length > 0;
  const run = async () => {
    await writeSecretFiles(host, place, previousContents(changes, deps.secretFiles));
    await removeEmptyParents(
      deps,
      changes.filter(({ action }) => action === 'create').map((change) => change.path),
    );
    await removeOrphanedSecrets(deps, journal, hadSecrets);
  };
  // Noted before: the values are made first, and a disk that is full in the middle must not keep a part of them.
  journal.undos.push({ phase: 'files', resource, run });
  const secrets = await deps.completeSecrets();
  journal.secrets = secrets;
  const texts = new Map(
    changes.map(({ path: file, action }) => {
      const wanted = rendered.secretFiles.find((one) => one.path === file);
      return [
        file,
        action === 'remove' || wanted === undefined ? null : renderSecretFile(wanted, secrets),
      ] as const;
    }),
  );
  await writeSecretFiles(host, place, texts);
}
