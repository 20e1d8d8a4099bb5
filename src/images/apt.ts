/** A private apt: its own sources, lists and cache, an empty package database; the machine's own packages stay untouched. */
import path from 'node:path';
import { EnvironmentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import {
  type AptSource,
  chooseMirror,
  parseDeb822Sources,
  parseOsRelease,
  parseSourcesList,
} from './apt-source.ts';

/** The Debian release that the stand-ins come from. */
export const SUITE = 'forky';
const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];
const DOWNLOAD_TIMEOUT_MS = 900_000;

export interface DebPackage {
  readonly name: string;
  readonly version: string;
  /** File name of the archive. */
  readonly file: string;
}

export interface Apt {
  readonly archivesDir: string;
  /** Exactly these packages. */
  find(names: readonly string[]): Promise<readonly DebPackage[]>;
  /** These packages and everything that they depend on, without recommendations. */
  resolve(names: readonly string[]): Promise<readonly DebPackage[]>;
  /** Fetches what is not in `archivesDir` yet; apt verifies signatures and checksums. */
  download(packages: readonly DebPackage[]): Promise<void>;
}

export interface AptOptions {
  /** Debian's name: `amd64`. */
  readonly architecture: string;
  /** Kept between runs. */
  readonly stateDir: string;
  readonly signal: AbortSignal;
}

async function hostSources(host: Host): Promise<readonly AptSource[]> {
  const dir = '/etc/apt/sources.list.d';
  const names = await host.fs.list(dir);
  const read = async (file: string) => (await host.fs.readTextIfExists(file)) ?? '';
  const stanzas = await Promise.all(
    names.filter((name) => name.endsWith('.sources')).map((name) => read(path.join(dir, name))),
  );
  const lists = await Promise.all(
    [
      '/etc/apt/sources.list',
      ...names.filter((name) => name.endsWith('.list')).map((name) => path.join(dir, name)),
    ].map(read),
  );
  return [...stanzas.flatMap(parseDeb822Sources), ...lists.flatMap(parseSourcesList)];
}

/** A line for sources.list: this machine's mirror, checked with Debian's keys. */
export async function debianSource(host: Host, suite: string): Promise<string> {
  const osRelease = parseOsRelease((await host.fs.readTextIfExists('/etc/os-release')) ?? '');
  const mirror = chooseMirror(await hostSources(host), osRelease);
  const candidates = mirror.signedBy === null ? KEYRINGS : [mirror.signedBy, ...KEYRINGS];
  for (const keyring of candidates) {
    if ((await host.fs.stat(keyring)) !== null)
      return `deb [signed-by=${keyring}] ${mirror.uri} ${suite} main\n`;
  }
  throw new EnvironmentError(
    `Debian's package keys are not on this machine (looked for ${candidates.join(', ')})`,
    {
      code: 'keyring-missing',
      hint: 'apt-get install debian-archive-keyring',
    },
  );
}

/** Check-Valid-Until is off because a mirror may lag behind; signatures and checksums are still verified. */
function configText(dir: string, architecture: string): string {
  const settings: readonly (readonly [string, string])[] = [
    ['Dir::Etc::sourcelist', path.join(dir, 'sources.list')],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', '/dev/null'],
    ['Dir::State', dir],
    ['Dir::State::lists', path.join(dir, 'lists')],
    ['Dir::State::status', path.join(dir, 'status')],
    ['Dir::State::extended_states', path.join(dir, 'extended_states')],
    ['Dir::Cache', dir],
    ['Dir::Cache::archives', path.join(dir, 'no-archives')],
    ['Dir::Cache::pkgcache', 'pkgcache.bin'],
    ['Dir::Cache::srcpkgcache', 'srcpkgcache.bin'],
    ['APT::Architecture', architecture],
    ['APT::Architectures', architecture],
    ['APT::Install-Recommends', 'false'],
    ['APT::Install-Suggests', 'false'],
    ['APT::Sandbox::User', ''],
    ['Acquire::Languages', 'none'],
    ['Acquire::Check-Valid-Until', 'false'],
    ['Acquire::IndexTargets::deb::DEP-11::DefaultEnabled', 'false'],
  ];
  const cleared = ['APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success', 'APT::Architectures'];
  return [
    ...cleared.map((key) => `#clear ${key};`),
    ...settings.map(([key, value]) => `${key} "${value}";`),
    '',
  ].join('\n');
}

function parsePrintedUris(text: string): readonly DebPackage[] {
  return text.split('\n').flatMap((line) => {
    const file = /^'[^']+'\s+(\S+_\S+\.deb)\s/.exec(line)?.[1];
    const [name, version] = file?.split('_') ?? [];
    if (file === undefined || name === undefined || version === undefined) return [];
    return [{ name, version: decodeURIComponent(version), file }];
  });
}

function aptFailure(action: string, stderr: string): EnvironmentError {
  const errors = stderr.split('\n').filter((line) => /^(E|Err):?/.test(line));
  const words = (errors.length === 0 ? stderr.trim().split('\n').slice(-3) : errors).join('; ');
  return new EnvironmentError(`cannot ${action}: ${words}`, {
    code: 'packages-unavailable',
    hint: 'check that the Debian mirror of /etc/apt can be reached, or take images from another machine with `pgmon images load`',
  });
}

/** Refuses machines without Debian's tools. */
async function requireTools(host: Host): Promise<void> {
  for (const [tool, args] of [
    ['apt-get', ['--version']],
    ['dpkg-deb', ['--version']],
  ] as const) {
    if ((await host.exec(tool, args)).exitCode === 0) continue;
    throw new EnvironmentError(`images can be built on Debian and Ubuntu only: ${tool} does not run here`, {
      code: 'not-debian',
      hint: 'build and `pgmon images save` on such a machine, then `pgmon images load FILE` here',
    });
  }
}

/** Sets up the private apt and reads the mirror's package lists. */
export async function openApt(host: Host, options: AptOptions): Promise<Apt> {
  const { architecture, stateDir, signal } = options;
  await requireTools(host);
  const archivesDir = path.join(stateDir, 'archives');
  for (const dir of ['archives', 'lists/partial', 'no-archives/partial']) {
    await host.fs.ensureDirectory(path.join(stateDir, dir));
  }
  await host.fs.writeAtomic(path.join(stateDir, 'sources.list'), await debianSource(host, SUITE));
  await host.fs.writeAtomic(path.join(stateDir, 'status'), '');
  // Never filled: apt leaves out of --print-uris what it finds in its archives or in the working directory.
  const emptyDir = path.join(stateDir, 'no-archives');
  const configFile = path.join(stateDir, 'apt.conf');
  await host.fs.writeAtomic(configFile, configText(stateDir, architecture));

  const apt = async (action: string, args: readonly string[], cwd = emptyDir): Promise<string> => {
    const result = await host.exec('apt-get', ['-c', configFile, '-qq', ...args], {
      cwd,
      env: { LC_ALL: 'C' },
      signal,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
    signal.throwIfAborted();
    if (result.exitCode !== 0) throw aptFailure(action, result.stderr);
    return result.stdout;
  };

  await apt(`read ${SUITE}'s package lists`, ['-o', 'APT::Update::Error-Mode=any', 'update']);
  return {
    archivesDir,
    find: async (names) =>
      parsePrintedUris(await apt(`find packages in ${SUITE}`, ['download', '--print-uris', ...names])),
    resolve: async (names) =>
      parsePrintedUris(
        await apt(`resolve packages in ${SUITE}`, ['install', '--print-uris', '--reinstall', ...names]),
      ),
    download: async (packages) => {
      const names = packages.map((item) => `${item.name}=${item.version}`);
      await apt('download packages', ['download', ...names], archivesDir);
    },
  };
}
