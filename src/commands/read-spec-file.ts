/** Reads the text of the spec that the user named, and says what to do when it cannot be read. */
import path from 'node:path';
import { EnvironmentError, UsageError } from '../errors.ts';
import type { Host } from '../host/host.ts';

/** `typed`: as on the command line. Rejects with UsageError (no such file) or EnvironmentError (unreadable). */
export async function readSpecFile(host: Host, typed: string): Promise<string> {
  const specPath = path.resolve(host.cwd, typed);
  const info = await host.fs.stat(specPath);
  if (info?.kind === 'directory')
    throw new UsageError(`${typed} is a directory`, { hint: 'name the spec file with -f' });
  try {
    return await host.fs.readText(specPath);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new UsageError(`no spec at ${typed}`, {
        hint: 'write one with `pgmon init`, or name it with -f',
        cause,
      });
    }
    throw new EnvironmentError(`cannot read ${typed}: ${code ?? 'unknown error'}`, {
      hint: 'make the file readable for this user',
      cause,
    });
  }
}
