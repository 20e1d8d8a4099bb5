/** Files and program output too large to hold in memory. The one module of images/ that touches node:fs and processes. */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { EnvironmentError } from '../errors.ts';

const STDERR_LIMIT = 4000;

export interface ProgramOutput {
  readonly stdout: Readable;
  /** Resolves when the program ended with 0; rejects with EnvironmentError (its last words) otherwise. */
  readonly done: Promise<void>;
}

/** Starts a program and hands over its output as a stream. */
export function runForOutput(file: string, args: readonly string[], signal: AbortSignal): ProgramOutput {
  const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LIMIT);
  });
  const done = new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        signal.aborted ? cause : new EnvironmentError(`cannot run ${file}: ${cause.message}`, { cause }),
      );
    });
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve();
      else reject(new EnvironmentError(`${file} failed (${code ?? killedBy}): ${stderr.trim()}`));
    });
  });
  done.catch(() => child.stdout.destroy());
  return { stdout: child.stdout, done };
}

/** Reads a file piece by piece. */
export function readFileStream(file: string): Readable {
  return createReadStream(file, { highWaterMark: 1 << 20 });
}

/** The first bytes of a file; fewer when it is shorter. */
export async function readStart(file: string, count: number): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Writes a new file piece by piece. */
export function writeFileStream(file: string): Writable {
  return createWriteStream(file, { highWaterMark: 1 << 20 });
}

/** Gives `work` a directory of its own inside `parent` (default: the system's place for these) and removes it afterwards. */
export async function withTemporaryDirectory<T>(
  work: (dir: string) => Promise<T>,
  parent: string = os.tmpdir(),
): Promise<T> {
  await mkdir(parent, { recursive: true });
  const dir = await mkdtemp(path.join(parent, '.pgmon-images-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Puts a finished file in its place; both must be on one file system. */
export async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to);
}
