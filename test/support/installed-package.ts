/** pgmon as its users get it: packed, and installed from the tarball in an empty directory without the network. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');
const execute = promisify(execFile);

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; a non-zero exit code is an outcome, not a failure. */
export async function runProgram(file: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const options = { cwd, env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 };
  try {
    return { code: 0, ...(await execute(file, [...args], options)) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram('npm', [...args, '--no-audit', '--no-fund'], cwd);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed (${code}):\n${stderr}`);
  return stdout;
}

export interface InstalledPackage {
  /** Where it was installed; empty but for node_modules and what npm writes. */
  readonly dir: string;
  /** Paths in the tarball, sorted. */
  readonly files: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Builds, packs and installs with `--offline`: a dependency that is not in the tarball makes it reject. */
export async function installPackage(): Promise<InstalledPackage> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-package-'));
  const packed = await npm(['pack', '--json', '--pack-destination', dir], ROOT);
  const start = packed.search(/^[[{]/m);
  const parsed: unknown = JSON.parse(packed.slice(start));
  const [report] = Object.values(parsed as Record<string, { filename: string; files: { path: string }[] }>);
  if (report === undefined) throw new Error('npm pack reported nothing');
  const home = path.join(dir, 'app');
  await mkdir(home);
  await npm(['init', '--yes'], home);
  await npm(
    ['install', '--offline', '--cache', path.join(dir, 'empty-cache'), path.join(dir, report.filename)],
    home,
  );
  return {
    dir: home,
    files: report.files.map((file) => file.path).sort(),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Names of all packages below node_modules. */
export async function installedNames(dir: string): Promise<readonly string[]> {
  const names = await readdir(path.join(dir, 'node_modules'));
  return names.filter((name) => !name.startsWith('.')).sort();
}

/** A node binary of another major version, fetched once through npm's `node` package into .cache/. */
export async function nodeBinary(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const dir = path.join(ROOT, '.cache', `node-${major}`);
  const binary = path.join(dir, 'node_modules/node/bin/node');
  const isThere = await runProgram(binary, ['--version'], ROOT).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!isThere) {
    await mkdir(dir, { recursive: true });
    await npm(['install', '--prefix', dir, `node@${major}`], dir);
  }
  return binary;
}
