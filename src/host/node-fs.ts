/** Files of this machine. Writes are atomic: a reader sees the old text or the new one, never a part. */
import { randomBytes } from 'node:crypto';
import {
  chmod,
  stat as follow,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { FileInfo, HostFs } from './host.ts';
import { temporaryName } from './temporary-file.ts';

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code;
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function writeNew(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

/** Null when the directory is there afterwards. */
async function tryMakeDirectory(dir: string): Promise<unknown> {
  try {
    await mkdir(dir);
    return null;
  } catch (error) {
    const isThere = hasCode(error, 'EEXIST') && (await follow(dir)).isDirectory();
    return isThere ? null : error;
  }
}

/** Node's own recursive mkdir never ends where a parent answers ENOENT to everything, as /proc does. */
async function makeDirectory(dir: string): Promise<void> {
  const error = await tryMakeDirectory(dir);
  if (error === null) return;
  const parent = path.dirname(dir);
  if (!hasCode(error, 'ENOENT') || parent === dir) throw error;
  await makeDirectory(parent);
  const second = await tryMakeDirectory(dir);
  if (second !== null) throw second;
}

async function writeAtomic(
  file: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
) {
  await makeDirectory(path.dirname(file));
  const name = temporaryName(path.basename(file), process.pid, randomBytes(6).toString('hex'));
  const temporary = path.join(path.dirname(file), name);
  try {
    await writeNew(temporary, content, options.mode ?? 0o644);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function createExclusive(file: string, content: string): Promise<boolean> {
  try {
    await writeNew(file, content, 0o600);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function ensureDirectory(dir: string, options: { readonly mode?: number } = {}): Promise<void> {
  await makeDirectory(dir);
  if (options.mode !== undefined) await chmod(dir, options.mode);
}

async function stat(file: string): Promise<FileInfo | null> {
  const info = await orNull(lstat(file));
  if (info === null) return null;
  const kinds = [
    ['file', info.isFile()],
    ['directory', info.isDirectory()],
    ['symlink', info.isSymbolicLink()],
  ] as const;
  const kind = kinds.find(([, isKind]) => isKind)?.[0] ?? 'other';
  return { kind, size: info.size, mtimeMs: info.mtimeMs, mode: info.mode & 0o777 };
}

/** Node's own file system. */
export function createNodeFs(): HostFs {
  return {
    readText: (file) => readFile(file, 'utf8'),
    readTextIfExists: (file) => orNull(readFile(file, 'utf8')),
    writeAtomic,
    writeInto: (file, content) => writeFile(file, content),
    createExclusive,
    ensureDirectory,
    list: async (dir) => ((await orNull(readdir(dir))) ?? []).sort(),
    stat,
    remove: (target) => rm(target, { recursive: true, force: true }),
    realPath: (file) => realpath(file),
  };
}
