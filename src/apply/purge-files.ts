/** Removes the files that pgmon wrote for a stack, and directories that this leaves empty. What others put beside them stays. */
import path from 'node:path';
import { GENERATED_SECRETS_DIR, RENDERED_DIRS, SECRETS_DIR } from '../conventions.ts';
import type { Host } from '../host/host.ts';
import { isGenerated } from '../plan/file-changes.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import { readSecretFiles } from './secret-files.ts';
import { readExistingFiles } from './write-files.ts';

type Fs = Pick<Host, 'fs'>;

export interface PurgeTarget {
  readonly outDir: string;
  readonly stack: Pick<RenderedStack, 'name' | 'runtime'>;
}

/** Absolute paths of the stack's files: rendered ones that carry pgmon's mark, and secret files that services read. */
export async function purgeableFiles(host: Fs, { outDir, stack }: PurgeTarget): Promise<readonly string[]> {
  const [existing, secrets] = await Promise.all([
    readExistingFiles(host, outDir, stack),
    readSecretFiles(host, outDir),
  ]);
  const own = [...existing].filter(([, content]) => isGenerated(content)).map(([file]) => file);
  return [...own, ...secrets.keys()].map((file) => path.join(outDir, file)).sort();
}

async function isDirectory(host: Fs, dir: string): Promise<boolean> {
  return (await host.fs.stat(dir))?.kind === 'directory';
}

async function removeEmptyTree(host: Fs, dir: string): Promise<void> {
  if (!(await isDirectory(host, dir))) return;
  for (const name of await host.fs.list(dir)) await removeEmptyTree(host, path.join(dir, name));
  if ((await host.fs.list(dir)).length === 0) await host.fs.remove(dir);
}

/** Removes the directory when it is empty, then its parents up to and including `top`. */
export async function removeEmptyUpTo(host: Fs, dir: string, top: string): Promise<void> {
  const isThere = await isDirectory(host, dir);
  if (isThere && (await host.fs.list(dir)).length > 0) return;
  if (isThere) await host.fs.remove(dir);
  if (dir !== top && dir.startsWith(`${top}/`)) await removeEmptyUpTo(host, path.dirname(dir), top);
}

/** True when there are generated secrets: they belong to the data that was made with them. */
export async function hasGeneratedSecrets(host: Fs, outDir: string): Promise<boolean> {
  return (await host.fs.list(path.join(outDir, GENERATED_SECRETS_DIR))).length > 0;
}

/** Removes `files` (see `purgeableFiles`), and the generated secrets unless they are kept. Safe to repeat. */
export async function purgeFiles(
  host: Fs,
  outDir: string,
  { files, keepsGenerated }: { readonly files: readonly string[]; readonly keepsGenerated: boolean },
): Promise<void> {
  for (const file of files) await host.fs.remove(file);
  if (!keepsGenerated) await host.fs.remove(path.join(outDir, GENERATED_SECRETS_DIR));
  const secrets = path.join(outDir, SECRETS_DIR);
  const inside = await host.fs.list(secrets);
  for (const name of inside) await removeEmptyTree(host, path.join(secrets, name));
  // The mark that keeps secrets out of version control goes with the last of them.
  if ((await host.fs.list(secrets)).every((name) => name === '.gitignore')) await host.fs.remove(secrets);
  for (const dir of RENDERED_DIRS) await removeEmptyTree(host, path.join(outDir, dir));
}
