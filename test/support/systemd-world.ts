/** A machine of its own for a test: a container with systemd as process 1, a running PostgreSQL and this checkout's pgmon. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootArguments, ensureSystemdImages, type SystemdRelease } from './systemd-image.ts';
import { LISTING_SCRIPT } from './systemd-listing.ts';
import { NODE_PATH, PROGRAM_DIR, PROGRAM_FILES } from './systemd-places.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BOOT_TIMEOUT_MS = 120_000;

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly input?: string;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface SystemdWorld {
  /** The container's. */
  readonly name: string;
  /** A failing program is an outcome. */
  readonly exec: (command: readonly string[], options?: ExecOptions) => Promise<Ran>;
  /** stdout of a shell script that must succeed. */
  readonly shell: (script: string) => Promise<string>;
  /** Runs this checkout's build as root; stdin is not a terminal. */
  readonly pgmon: (words: readonly string[], options?: ExecOptions) => Promise<Ran>;
  /** What psql prints, as the superuser. */
  readonly sql: (text: string, database?: string) => Promise<string>;
  readonly writeFile: (file: string, text: string, mode?: string) => Promise<void>;
  /** A file or directory of this machine, with its mode, owned by root. */
  readonly copyIn: (from: string, to: string) => Promise<void>;
  /** One line for each file below /etc, /opt, /usr, /var and /run that a stack could have left, sorted. */
  readonly listing: () => Promise<readonly string[]>;
  /** Stops and starts the machine; resolves when it has booted. */
  readonly reboot: () => Promise<void>;
  /** Safe to repeat; does nothing when PGMON_TEST_KEEP is set. */
  readonly remove: () => Promise<void>;
}

export interface WorldOptions {
  readonly release: SystemdRelease;
  /** Of the container: `pgmon-test-<slug>-…`. */
  readonly slug: string;
  /** Directory of this machine -> directory inside, read-only. */
  readonly mounts?: Readonly<Record<string, string>>;
}

function runDocker(args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = execFile('docker', [...args], { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode !== 'number') reject(error ?? new Error('docker was killed'));
      else resolve({ exitCode, stdout, stderr });
    });
    // A program may end before it has read everything; its exit code says so.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

async function docker(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runDocker(args);
  if (exitCode !== 0) throw new Error(`docker ${args[0]} failed (${exitCode}): ${stderr.trim()}`);
  return stdout;
}

function execIn(name: string, command: readonly string[], options: ExecOptions = {}): Promise<Ran> {
  const { input, user = 'root', env = {} } = options;
  const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return runDocker(['exec', '--interactive', '--user', user, ...variables, name, ...command], input);
}

/** Waits for the end of the boot; units that failed show later, in what the test looks at. */
async function waitForBoot(name: string): Promise<void> {
  const endMs = Date.now() + BOOT_TIMEOUT_MS;
  for (;;) {
    const state = await execIn(name, ['systemctl', 'is-system-running', '--wait']);
    const postgres = await execIn(name, ['pg_isready', '--quiet']);
    if (/^(running|degraded)$/m.test(state.stdout) && postgres.exitCode === 0) return;
    if (Date.now() > endMs) {
      const seen = `${state.stdout}${state.stderr}`.trim();
      throw new Error(`${name} did not boot: systemd says "${seen}", pg_isready ${postgres.exitCode}`);
    }
    await sleep(100);
  }
}

function worldOf(name: string): SystemdWorld {
  const exec: SystemdWorld['exec'] = (command, options) => execIn(name, command, options);
  const must = async (command: readonly string[], options?: ExecOptions) => {
    const { exitCode, stdout, stderr } = await exec(command, options);
    if (exitCode !== 0) throw new Error(`${command.join(' ')} failed (${exitCode}): ${stdout}${stderr}`);
    return stdout;
  };
  const psql = ['psql', '--no-psqlrc', '-qAt', '--set', 'ON_ERROR_STOP=1'];
  return {
    name,
    exec,
    shell: (script) => must(['bash', '-euo', 'pipefail', '-c', script]),
    pgmon: (words, options) => exec(['pgmon', ...words], options),
    sql: (text, database = 'postgres') =>
      must([...psql, '--dbname', database], { user: 'postgres', input: text }),
    writeFile: async (file, text, mode = '644') => {
      const dir = path.dirname(file);
      const script = 'mkdir -p "$1" && cat >"$2" && chmod "$3" "$2"';
      await must(['sh', '-c', script, 'write', dir, file, mode], { input: text });
    },
    copyIn: async (from, to) => {
      await must(['mkdir', '-p', path.dirname(to)]);
      await docker('cp', from, `${name}:${to}`);
      await must(['chown', '-R', 'root:root', to]);
    },
    listing: async () => (await must(['bash', '-c', LISTING_SCRIPT])).split('\n').filter(Boolean),
    reboot: async () => {
      // Docker would kill everything after ten seconds, and PostgreSQL does not always start after that.
      await docker('restart', '-t', '90', name);
      await waitForBoot(name);
    },
    remove: async () => {
      if (process.env.PGMON_TEST_KEEP === '1') return;
      await runDocker(['rm', '--force', '--volumes', name]);
    },
  };
}

/** The build, which the tests' runner makes first, and the Node.js that runs the test. */
async function installPgmon(world: SystemdWorld): Promise<void> {
  for (const file of PROGRAM_FILES) await world.copyIn(path.join(ROOT, file), `${PROGRAM_DIR}/${file}`);
  await world.copyIn(process.execPath, NODE_PATH);
  await world.shell(`ln -s ${PROGRAM_DIR}/bin/pgmon.js /usr/local/bin/pgmon; pgmon --version`);
}

/** A booted machine; nothing is left when it rejects. */
export async function startSystemdWorld(options: WorldOptions): Promise<SystemdWorld> {
  const { release, slug, mounts = {} } = options;
  await ensureSystemdImages();
  const name = `pgmon-test-${slug}-${randomBytes(3).toString('hex')}`;
  const world = worldOf(name);
  try {
    await docker(...bootArguments(release, name, mounts));
    await waitForBoot(name);
    await installPgmon(world);
    return world;
  } catch (error) {
    await world.remove();
    throw error;
  }
}
