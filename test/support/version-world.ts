/** PostgreSQL majors as a busy primary, its replica and an empty server each, all watched by one real stack. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { imageLines } from './check-spec.ts';
import {
  createFleet,
  POSTGRES_VERSIONS,
  type PostgresFleet,
  type PostgresServer,
  type PostgresVersion,
  type ServerOptions,
} from './postgres-versions.ts';
import { freePorts, type RunningStack, startStack } from './running-stack.ts';
import { runTool } from './tools.ts';

export type ServerKind = 'primary' | 'replica' | 'empty';

export interface WatchedServer {
  /** `pg14-primary`: also its name in the spec. */
  readonly name: string;
  readonly kind: ServerKind;
  readonly version: PostgresVersion;
  readonly server: PostgresServer;
}

export interface WorldChoice {
  /** Of the containers: `pgmon-test-<slug>-…`. */
  readonly slug: string;
  readonly versions: readonly PostgresVersion[];
  /** A replica needs its primary. */
  readonly kinds: readonly ServerKind[];
  /** More keys of each server in the spec, after a comma. */
  readonly serverKeys: string;
  /** More lines of the spec. */
  readonly specLines: string;
}

const EVERY_SERVER: WorldChoice = {
  slug: 'versions',
  versions: POSTGRES_VERSIONS,
  kinds: ['primary', 'replica', 'empty'],
  serverKeys: '',
  specLines: '',
};

export interface VersionWorld {
  readonly servers: readonly WatchedServer[];
  readonly stack: RunningStack;
  /** Base address of Prometheus on this machine. */
  readonly prometheusUrl: string;
  readonly remove: () => Promise<void>;
}

const PASSWORD = 'role-of-the-versions-test';
/** As a careful administrator has them, so that no rule about settings has a reason to speak. */
const SAFE = { fsync: 'on', full_page_writes: 'on' } as const;
const BUSY = {
  ...SAFE,
  shared_preload_libraries: 'pg_stat_statements',
  wal_level: 'logical',
  archive_mode: 'on',
  archive_command: 'true',
  max_prepared_transactions: 5,
  max_slot_wal_keep_size: '1GB',
} as const;

/** What makes optional series appear: dead tuples, an invalid index, a prepared transaction, slots, a subscription, a limit. */
const APP_SQL = [
  `CREATE TABLE items (id serial PRIMARY KEY, grp int, note text) WITH (autovacuum_enabled = false)`,
  `INSERT INTO items (grp, note) SELECT g % 7, repeat('x', 20) FROM generate_series(1, 40000) g`,
  'ANALYZE items',
  'DELETE FROM items WHERE id % 2 = 0',
  'SELECT count(*) FROM items WHERE id = 7',
  // The size of its rows is known without reading them, so that its bloat can be estimated.
  'CREATE TABLE readings (at bigint, value float8)',
  'INSERT INTO readings SELECT g, g FROM generate_series(1, 20000) g',
  'ANALYZE readings',
  'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO pgmon',
  'CREATE PUBLICATION pub FOR TABLE items',
  `SELECT pg_create_logical_replication_slot('sub', 'pgoutput')`,
  `SELECT pg_create_physical_replication_slot('spare', true)`,
  'ALTER DATABASE app CONNECTION LIMIT 50',
  `BEGIN; CREATE TABLE soon (n int); PREPARE TRANSACTION 'waits'`,
] as const;

const SUBSCRIPTION = `CREATE SUBSCRIPTION sub CONNECTION 'host=/var/run/postgresql dbname=app user=postgres'
  PUBLICATION pub WITH (create_slot = false, slot_name = 'sub', copy_data = false)`;

async function makeBusy(server: PostgresServer): Promise<void> {
  const inApp = { database: 'app' };
  for (const statement of APP_SQL) await server.sql(statement, inApp);
  // Fails on purpose and leaves an invalid index behind.
  await server
    .sql('CREATE UNIQUE INDEX CONCURRENTLY invalid_one ON items (grp)', inApp)
    .catch(() => undefined);
  await server.sql('CREATE TABLE items (id int PRIMARY KEY, grp int, note text)');
  await server.sql(SUBSCRIPTION);
  // One session holds a row, the other waits for it, for as long as the world stands.
  const holder = await server.connect(inApp);
  await holder.query('BEGIN; UPDATE items SET grp = 8 WHERE id = 1');
  const waiter = await server.connect(inApp);
  waiter.query('UPDATE items SET grp = 9 WHERE id = 1').catch(() => undefined);
}

async function startVersion(
  fleet: PostgresFleet,
  version: PostgresVersion,
  kinds: readonly ServerKind[],
): Promise<readonly WatchedServer[]> {
  const name = (kind: ServerKind) => `pg${version}-${kind}`;
  const started: WatchedServer[] = [];
  const start = async (kind: ServerKind, options: Omit<ServerOptions, 'name'>) => {
    if (!kinds.includes(kind)) return;
    const server = await fleet.startServer(version, { name: name(kind), ...options });
    started.push({ name: name(kind), kind, version, server });
  };
  await start('empty', { settings: SAFE });
  await start('primary', { settings: BUSY, databases: ['app'] });
  const primary = started.find(({ kind }) => kind === 'primary')?.server;
  if (primary !== undefined) await start('replica', { settings: BUSY, replicaOf: primary, slot: 'standby' });
  return started;
}

async function startServers(
  fleet: PostgresFleet,
  { versions, kinds }: WorldChoice,
): Promise<readonly WatchedServer[]> {
  const started: (readonly WatchedServer[])[] = [];
  const waiting = [...versions];
  const lane = async () => {
    for (let version = waiting.shift(); version !== undefined; version = waiting.shift()) {
      started.push(await startVersion(fleet, version, kinds));
    }
  };
  await Promise.all([lane(), lane()]);
  return started.flat();
}

interface SpecParts extends Pick<WorldChoice, 'serverKeys' | 'specLines'> {
  readonly servers: readonly WatchedServer[];
  readonly ports: readonly number[];
}

function specOf(name: string, { servers, serverKeys, specLines, ports }: SpecParts): string {
  const [prometheus, exporter, sql, alertmanager, node] = ports;
  const lines = servers.map(({ name: server, kind, server: { name: host } }) => {
    const database = kind === 'empty' ? 'postgres' : 'app';
    return `  - {name: ${server}, host: ${host}, database: ${database}, tls: {mode: disable}, password: {file: password}${serverKeys}}\n`;
  });
  return `apiVersion: pgmon/v1
name: ${name}
environment: test
images:
${imageLines.join('')}scrape: {interval: 4s, timeout: 4s, slowInterval: 8s, evaluationInterval: 4s}
servers:
${lines.join('')}prometheus: {port: ${prometheus}}
postgresExporter: {port: ${exporter}}
sqlExporter: {port: ${sql}}
alertmanager: {port: ${alertmanager}}
nodeExporter: {port: ${node}}
grafana: {enabled: false}
${specLines}`;
}

/** The monitoring role, by the SQL that pgmon renders for servers that it does not run. */
async function addRole(stack: RunningStack, { server, kind }: WatchedServer): Promise<void> {
  if (kind === 'replica') return;
  const script = stack.rendered.files.find(({ path: file }) => file === 'sql/role.sql');
  const database = kind === 'empty' ? 'postgres' : 'app';
  const { code, output } = await server.psql(['-q', '-d', database], script?.content ?? '');
  if (code !== 0) throw new Error(`role.sql failed on ${server.name}: ${output}`);
  await server.sql(`ALTER ROLE pgmon PASSWORD '${PASSWORD}'`);
}

/** Puts the exporters beside the servers. */
async function joinFleet(stack: RunningStack, fleet: PostgresFleet): Promise<void> {
  for (const service of ['postgres-exporter', 'postgres-exporter-slow', 'sql-exporter'] as const) {
    const { id } = await stack.container(service);
    const { code, output } = await runTool('docker', ['network', 'connect', fleet.network, id]);
    if (code !== 0) throw new Error(output);
  }
}

async function startWatching(
  fleet: PostgresFleet,
  servers: readonly WatchedServer[],
  { slug, serverKeys, specLines }: WorldChoice,
) {
  const ports = await freePorts(5);
  const stack = await startStack(slug, async (name, specDir) => {
    await writeFile(path.join(specDir, 'password'), `${PASSWORD}\n`);
    const text = specOf(name, { servers, serverKeys, specLines, ports });
    await writeFile(path.join(specDir, 'pgmon.yaml'), text);
    return text;
  });
  await Promise.all(servers.map((one) => addRole(stack, one)));
  await Promise.all(servers.map(({ kind, server }) => (kind === 'primary' ? makeBusy(server) : undefined)));
  // Last, because what is asked of databases is asked every five minutes only.
  await joinFleet(stack, fleet);
  return { stack, prometheusUrl: `http://127.0.0.1:${ports[0]}` };
}

/** Servers with their activity and a stack that scrapes them; nothing is left when it rejects. */
export async function startVersionWorld(choice: Partial<WorldChoice> = {}): Promise<VersionWorld> {
  const world = { ...EVERY_SERVER, ...choice };
  const fleet = await createFleet(`${world.slug}-pg`);
  try {
    const servers = await startServers(fleet, world);
    const { stack, prometheusUrl } = await startWatching(fleet, servers, world);
    const remove = async () => {
      await stack.remove();
      await fleet.remove();
    };
    return { servers, stack, prometheusUrl, remove };
  } catch (error) {
    await fleet.remove();
    throw error;
  }
}
