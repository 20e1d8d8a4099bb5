/** Where promtool runs: a local program, or the one inside the stack's Prometheus container. Both get the same files. */
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { CommandOutput, Provider } from '../providers/provider.ts';
import { shellWord } from '../render/scalars.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';

export interface PromtoolOutcome {
  readonly file: string;
  readonly isOk: boolean;
  /** What it printed, without empty lines. */
  readonly output: string;
}

export interface Promtool {
  /** For a person: which one it is. */
  readonly place: string;
  /** One test file. Rejects with EnvironmentError when promtool could not do its work. */
  test(file: string): Promise<PromtoolOutcome>;
  /** Removes the files. */
  close(): Promise<void>;
}

const HINT =
  'name a promtool of Prometheus 3 with --promtool, or write the files with --write and run it yourself';

function toOutcome(
  place: string,
  file: string,
  { exitCode, stdout, stderr }: CommandOutput,
): PromtoolOutcome {
  const output = `${stdout}${stderr}`.replace(/\n\s*\n+/g, '\n').trim();
  const isOk = exitCode === 0 && output.includes('SUCCESS');
  if (isOk || output.includes('FAILED')) return { file, isOk, output };
  const last = output.split('\n').slice(-5).join('\n');
  throw new EnvironmentError(`${place} ended with exit code ${exitCode} for ${file}: ${last}`, {
    code: 'promtool-failed',
    hint: HINT,
  });
}

/** Puts files in place; parents are made. */
export async function writeTestFiles(host: Host, dir: string, files: readonly RenderedFile[]): Promise<void> {
  try {
    for (const file of files) await host.fs.writeAtomic(path.join(dir, file.path), file.content);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const hint = 'name a directory that this user may write';
    throw new EnvironmentError(`cannot write to ${dir}: ${code}`, { code: 'file-access', hint, cause });
  }
}

/** The program at this path or on PATH; null when there is none. */
export async function localPromtool(
  host: Host,
  program: string,
  { files, signal }: { readonly files: readonly RenderedFile[]; readonly signal: AbortSignal },
): Promise<Promtool | null> {
  const version = await host.exec(program, ['--version'], { signal });
  if (version.exitCode !== 0) return null;
  const name = `pgmon-rules-${Buffer.from(host.randomBytes(8)).toString('hex')}`;
  const dir = path.join(os.tmpdir(), name);
  await writeTestFiles(host, dir, files);
  return {
    place: program,
    test: async (file) => {
      const { exitCode, stdout, stderr } = await host.exec(program, ['test', 'rules', path.join(dir, file)], {
        signal,
      });
      return toOutcome(program, file, { exitCode: exitCode ?? -1, stdout, stderr });
    },
    close: () => host.fs.remove(dir),
  };
}

const END_OF_FILE = 'PGMON_END_OF_FILE';

/** A shell script that writes every file below a new directory and prints its name. /dev/shm is there and writable in any container. */
function unpackScript(files: readonly RenderedFile[]): string {
  const dirs = [...new Set(files.map((file) => path.posix.dirname(file.path)))];
  return [
    'set -e',
    'dir=$(mktemp -d /dev/shm/pgmon-rules.XXXXXX)',
    `trap '[ $? -eq 0 ] || rm -rf "$dir"' EXIT`,
    ...dirs.map((dir) => `mkdir -p "$dir"/${shellWord(dir)}`),
    ...files.map(
      (file) =>
        `cat > "$dir"/${shellWord(file.path)} <<'${END_OF_FILE}'\n${file.content.trimEnd()}\n${END_OF_FILE}`,
    ),
    'echo "$dir"',
    '',
  ].join('\n');
}

/** promtool inside a container of Prometheus; the files are there while it runs. Rejects when the image has no shell. */
export async function containerPromtool(
  provider: Provider,
  container: { readonly id: string; readonly name: string },
  { files, signal }: { readonly files: readonly RenderedFile[]; readonly signal: AbortSignal },
): Promise<Promtool> {
  const place = `promtool in container ${container.name}`;
  const run = (script: string) => provider.exec(container.id, ['sh', '-s'], { input: script }, signal);
  const unpacked = await run(unpackScript(files));
  const dir = unpacked.stdout.trim();
  if (unpacked.exitCode !== 0 || !dir.startsWith('/dev/shm/pgmon-rules.')) {
    const said = `${unpacked.stdout}${unpacked.stderr}`.trim();
    throw new EnvironmentError(`cannot put the tests into container ${container.name}: ${said}`, {
      code: 'promtool-failed',
      hint: HINT,
    });
  }
  return {
    place,
    test: async (file) =>
      toOutcome(
        place,
        file,
        await run(`cd ${dir} && TMPDIR=${dir} exec promtool test rules ${shellWord(file)}\n`),
      ),
    close: async () => {
      await provider.exec(container.id, ['rm', '-rf', dir], {}, AbortSignal.timeout(10_000));
    },
  };
}
