/** Writes a file that the user names: whole or not at all where it is a file, and into it where it is a device or a pipe. */
import path from 'node:path';
import { EnvironmentError, systemReason } from '../errors.ts';
import type { Host, HostFs } from '../host/host.ts';

export interface Output {
  /** As typed. */
  readonly file: string;
  readonly content: string;
  /** Of the error when it cannot be written. */
  readonly errorCode: string;
}

/** Null for a link to nothing, and for one to a pipe without a name, as /dev/stdout may be. */
async function targetOf(fs: HostFs, link: string): Promise<string | null> {
  try {
    return await fs.realPath(link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function write(fs: HostFs, file: string, content: string): Promise<void> {
  const info = await fs.stat(file);
  if (info?.kind === 'symlink') {
    const target = await targetOf(fs, file);
    return target === null ? fs.writeInto(file, content) : write(fs, target, content);
  }
  if (info?.kind === 'other') return fs.writeInto(file, content);
  await fs.writeAtomic(file, content, info === null ? {} : { mode: info.mode });
}

/**
 * Follows symlinks, keeps the mode of a file that is there, and never puts a file in the place of something else.
 * Rejects with EnvironmentError when it cannot be written.
 */
export async function writeOutput({ fs, cwd }: Pick<Host, 'fs' | 'cwd'>, output: Output): Promise<void> {
  try {
    await write(fs, path.resolve(cwd, output.file), output.content);
  } catch (cause) {
    throw new EnvironmentError(`cannot write ${output.file}: ${systemReason(cause)}`, {
      code: output.errorCode,
      hint: 'name a file in a directory that this user may write',
      cause,
    });
  }
}
