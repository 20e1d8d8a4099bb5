/** Keeps two runs of pgmon from changing one stack at the same time: a file with the owner's process id. */
import path from 'node:path';
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';

const LOCK_NAME = '.pgmon.lock';
/** A take-over lasts milliseconds; a mark older than this was left by a killed run. */
const TAKEOVER_STALE_MS = 5000;

interface Owner {
  readonly pid: number;
  readonly host: string;
}

export interface StackLock {
  /** Gives the stack free, and removes directories that were made for the lock and are empty still. */
  release(): Promise<void>;
}

function parseOwner(text: string | null): Owner | null {
  const match = /^(\d+) (\S+)$/.exec((text ?? '').trim());
  return match?.[1] === undefined || match[2] === undefined
    ? null
    : { pid: Number(match[1]), host: match[2] };
}

function heldError(file: string, owner: Owner, host: Host): EnvironmentError {
  const place = owner.host === host.hostName ? '' : ` on ${owner.host}`;
  return new EnvironmentError(`another pgmon (pid ${owner.pid}${place}) works on this stack`, {
    code: 'stack-locked',
    hint:
      place === ''
        ? `wait until it is done; if process ${owner.pid} is something else by now: \`rm ${file}\``
        : `wait until it is done; if it is gone for good: \`rm ${file}\``,
  });
}

function writeError(file: string, cause: unknown): EnvironmentError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const hint =
    code === 'ENOSPC'
      ? 'free some disk space'
      : 'make the directory writable for this user, or name another one with -o';
  return new EnvironmentError(`cannot write in the output directory ${path.dirname(file)}: ${code}`, {
    code: 'file-access',
    hint,
    cause,
  });
}

/** Directories of `dir` that do not exist yet, innermost first. */
async function missingDirectories(host: Host, dir: string): Promise<readonly string[]> {
  if ((await host.fs.stat(dir)) !== null) return [];
  const parent = path.dirname(dir);
  return parent === dir ? [dir] : [dir, ...(await missingDirectories(host, parent))];
}

async function removeEmpty(host: Host, dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    if ((await host.fs.list(dir)).length > 0) return;
    await host.fs.remove(dir);
  }
}

/** Removes a dead owner's file. Only one run at a time may do so, or the second would remove the first one's fresh lock. */
async function removeStale(host: Host, file: string): Promise<void> {
  const mark = `${file}.takeover`;
  if (!(await host.fs.createExclusive(mark, ''))) {
    const info = await host.fs.stat(mark);
    if (info !== null && host.clock.now() - info.mtimeMs > TAKEOVER_STALE_MS) await host.fs.remove(mark);
    return;
  }
  try {
    const text = await host.fs.readTextIfExists(file);
    // What is gone by now may come again as another run's own.
    if (text === null) return;
    const owner = parseOwner(text);
    if (owner === null || !isAlive(host, owner)) await host.fs.remove(file);
  } finally {
    await host.fs.remove(mark);
  }
}

function isAlive(host: Host, owner: Owner): boolean {
  return owner.host !== host.hostName || host.isProcessAlive(owner.pid);
}

async function tryAcquire(host: Host, file: string): Promise<boolean> {
  try {
    return await host.fs.createExclusive(file, `${host.pid} ${host.hostName}\n`);
  } catch (cause) {
    throw writeError(file, cause);
  }
}

async function acquire(host: Host, file: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await tryAcquire(host, file)) return;
    const text = await host.fs.readTextIfExists(file);
    const owner = parseOwner(text);
    if (owner !== null && isAlive(host, owner)) throw heldError(file, owner, host);
    // The file may be empty for the moment between its creation and its text.
    if (owner === null) await host.clock.sleep(20, signal);
    if (owner !== null || attempt > 5) await removeStale(host, file);
  }
  throw writeError(file, Object.assign(new Error('the lock file stays'), { code: 'EEXIST' }));
}

/** Takes the stack for this process; rejects with EnvironmentError naming the process that has it. */
export async function lockStack(host: Host, outDir: string, signal: AbortSignal): Promise<StackLock> {
  const file = path.join(outDir, LOCK_NAME);
  const made = await missingDirectories(host, outDir).catch((cause: unknown) => {
    throw writeError(file, cause);
  });
  await host.fs.ensureDirectory(outDir).catch((cause: unknown) => {
    throw writeError(file, cause);
  });
  try {
    await acquire(host, file, signal);
  } catch (error) {
    await removeEmpty(host, made);
    throw error;
  }
  return {
    async release() {
      await host.fs.remove(file);
      await removeEmpty(host, made);
    },
  };
}
