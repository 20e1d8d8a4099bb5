/** Brings the output directory to what was rendered: all of it or nothing, and never over a file that pgmon did not write. */
import path from 'node:path';
import { COMPOSE_FILE, RENDERED_DIRS } from '../conventions.ts';
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { temporaryOwner } from '../host/temporary-file.ts';
import { type FileChange, foreignPaths } from '../plan/file-changes.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import { isSystemFile, systemFilesOf } from '../stack/system-files.ts';

function environmentError(what: string, file: string, cause: unknown): EnvironmentError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const hint =
    code === 'ENOSPC'
      ? 'free some disk space and run the command again'
      : 'make the output directory writable for this user, or name another one with -o';
  return new EnvironmentError(`cannot ${what} ${file}: ${code}`, { code: 'file-access', hint, cause });
}

async function readTree(host: Pick<Host, 'fs'>, outDir: string, dir: string): Promise<readonly string[]> {
  const names = (await host.fs.list(path.join(outDir, dir))).filter((name) => temporaryOwner(name) === null);
  const found = await Promise.all(
    names.map(async (name) => {
      const relative = `${dir}/${name}`;
      const info = await host.fs.stat(path.join(outDir, relative));
      if (info?.kind === 'directory') return readTree(host, outDir, relative);
      return info === null || info.kind === 'other' ? [] : [relative];
    }),
  );
  return found.flat();
}

/** Text by path of every file where pgmon writes (not secrets), the stack's own of the system among them. */
export async function readExistingFiles(
  host: Pick<Host, 'fs'>,
  outDir: string,
  stack: Pick<RenderedStack, 'name' | 'runtime'>,
): Promise<ReadonlyMap<string, string>> {
  try {
    const trees = await Promise.all(RENDERED_DIRS.map((dir) => readTree(host, outDir, dir)));
    const others = stack.runtime === 'native' ? systemFilesOf(stack.name) : [COMPOSE_FILE];
    const paths = [...others, ...trees.flat()].sort();
    const texts = await Promise.all(paths.map((file) => host.fs.readTextIfExists(path.join(outDir, file))));
    return new Map(
      paths.flatMap((file, index) => {
        const text = texts[index] ?? null;
        return text === null ? [] : [[file, text] as const];
      }),
    );
  } catch (cause) {
    throw environmentError('read', (cause as NodeJS.ErrnoException).path ?? outDir, cause);
  }
}

/** Rejects with EnvironmentError when a change would overwrite a file that pgmon did not write. */
export function refuseForeignFiles(outDir: string, changes: readonly FileChange[]): void {
  const foreign = foreignPaths(changes);
  if (foreign.length === 0) return;
  const names = foreign.map((file) => path.join(outDir, file)).join(', ');
  throw new EnvironmentError(`refusing to overwrite what pgmon did not write: ${names}`, {
    code: 'foreign-file',
    hint: `move it away, or choose another ${foreign.some(isSystemFile) ? 'stack name in the spec' : 'output directory with -o'}`,
  });
}

async function setContent(host: Pick<Host, 'fs'>, file: string, content: string | null): Promise<void> {
  if (content === null) await host.fs.remove(file);
  else await host.fs.writeAtomic(file, content);
}

/** Applies all changes; when one fails, those before it are undone and EnvironmentError says which file it was. */
export async function writeFiles(
  host: Pick<Host, 'fs'>,
  outDir: string,
  changes: readonly FileChange[],
): Promise<void> {
  refuseForeignFiles(outDir, changes);
  for (const [index, change] of changes.entries()) {
    const file = path.join(outDir, change.path);
    try {
      await setContent(host, file, change.after);
    } catch (cause) {
      const done = changes.slice(0, index).reverse();
      for (const earlier of done) {
        // Best effort: the error that stopped us says more than one met while cleaning up after it.
        await setContent(host, path.join(outDir, earlier.path), earlier.before).catch(() => undefined);
      }
      throw environmentError('write', file, cause);
    }
  }
}
