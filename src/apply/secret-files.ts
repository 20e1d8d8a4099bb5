/** Reads and writes the secret files that services mount: modes, atomic writes, and the way back. Which ones differ is decided elsewhere. */
import path from 'node:path';
import { SECRETS_DIR, SERVICE_NAMES } from '../conventions.ts';
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { temporaryOwner } from '../host/temporary-file.ts';
import type { SecretChange } from '../plan/operations.ts';
import type { Runtime } from '../stack/stack.ts';
import { ensureSecretsDirectory } from './secrets.ts';

type Fs = Pick<Host, 'fs'>;

/** In a container readable for the service's own user; the outer directory (0700) keeps everybody else out. systemd reads as root. */
const FILE_MODES = { docker: 0o444, native: 0o600 } as const satisfies Record<Runtime, number>;
const DIRECTORY_MODES = { docker: 0o755, native: 0o700 } as const satisfies Record<Runtime, number>;

export interface SecretsPlace {
  readonly outDir: string;
  readonly runtime: Runtime;
}

export interface ObservedSecretFile {
  readonly text: string;
  readonly mtimeMs: number;
}

async function readDirectory(host: Fs, outDir: string, dir: string) {
  const names = (await host.fs.list(path.join(outDir, dir))).filter((name) => temporaryOwner(name) === null);
  return Promise.all(
    names.map(async (name): Promise<readonly (readonly [string, ObservedSecretFile])[]> => {
      const file = path.join(outDir, dir, name);
      const info = await host.fs.stat(file);
      if (info?.kind !== 'file') return [];
      return [[`${dir}/${name}`, { text: await host.fs.readText(file), mtimeMs: info.mtimeMs }]];
    }),
  );
}

/** By path relative to the output directory: every file in the directories below `secrets/` that services mount. */
export async function readSecretFiles(
  host: Fs,
  outDir: string,
): Promise<ReadonlyMap<string, ObservedSecretFile>> {
  try {
    const dirs = SERVICE_NAMES.map((name) => `${SECRETS_DIR}/${name}`);
    const found = await Promise.all(dirs.map((dir) => readDirectory(host, outDir, dir)));
    return new Map(found.flat(2));
  } catch (cause) {
    throw accessError('read', path.join(outDir, SECRETS_DIR), cause);
  }
}

function accessError(action: string, file: string, cause: unknown): EnvironmentError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const hint =
    code === 'ENOSPC'
      ? 'free some disk space and run the command again'
      : `run pgmon as its owner (with \`runtime: native\` that is root), or make ${file} accessible for this user`;
  return new EnvironmentError(`cannot ${action} ${file}: ${code}`, { code: 'file-access', hint, cause });
}

/** Writes (text) or removes (null) each file; rejects with EnvironmentError naming the first that failed. */
export async function writeSecretFiles(
  host: Fs,
  { outDir, runtime }: SecretsPlace,
  contents: ReadonlyMap<string, string | null>,
): Promise<void> {
  let current = path.join(outDir, SECRETS_DIR);
  try {
    await ensureSecretsDirectory(host, outDir);
    const dirs = new Set([...contents.keys()].map((file) => path.join(outDir, path.dirname(file))));
    for (const dir of dirs) await host.fs.ensureDirectory(dir, { mode: DIRECTORY_MODES[runtime] });
    for (const [file, text] of contents) {
      current = path.join(outDir, file);
      if (text === null) await host.fs.remove(current);
      else await host.fs.writeAtomic(current, text, { mode: FILE_MODES[runtime] });
    }
  } catch (cause) {
    throw accessError('write', current, cause);
  }
}

/** Texts that bring the changed files back to what they were. */
export function previousContents(
  changes: readonly SecretChange[],
  before: ReadonlyMap<string, ObservedSecretFile>,
): ReadonlyMap<string, string | null> {
  return new Map(changes.map(({ path: file }) => [file, before.get(file)?.text ?? null]));
}
