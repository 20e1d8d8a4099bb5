/** Every piece of SQL that a runbook or an alert shows runs on real PostgreSQL of every supported major. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY_ALERT } from '../../src/catalog/alerts/every-alert.ts';
import { daemonMissing } from '../support/daemon.ts';
import {
  createFleet,
  olderVersionsMissing,
  POSTGRES_VERSIONS,
  type PostgresFleet,
  type PostgresServer,
  type PostgresVersion,
} from '../support/postgres-versions.ts';
import { type RunbookSql, readRunbooks } from '../support/runbooks.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());
const SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  wal_level: 'logical',
  max_prepared_transactions: 5,
  archive_mode: 'on',
  archive_command: 'true',
};

/** What the pages speak of by name; made anew before each page, because some of their SQL removes it. */
const FIXTURE = `
CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, status text, total numeric);
CREATE TABLE IF NOT EXISTS parcels (id int);
CREATE INDEX IF NOT EXISTS orders_status_idx ON orders (status);
INSERT INTO orders (status, total) SELECT 'open', 1 WHERE NOT EXISTS (SELECT FROM orders);
SELECT pg_create_physical_replication_slot('old_slot')
  WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'old_slot');
`;
const PREPARED = `BEGIN; INSERT INTO parcels VALUES (1); PREPARE TRANSACTION 'old_transaction';`;
const IS_PREPARED = `SELECT count(*) FROM pg_prepared_xacts WHERE gid = 'old_transaction'`;

const PASSWORD = 'runbooks-monitor-1';

/** One session of each role on each server; a page's SQL goes through it as it stands. */
interface Sessions {
  readonly version: number;
  readonly primary: Readonly<Record<RunbookSql['user'], pg.Client>>;
  readonly replica: Readonly<Record<RunbookSql['user'], pg.Client>>;
}

async function open(server: PostgresServer) {
  const database = 'app';
  return {
    postgres: await server.connect({ database }),
    pgmon: await server.connect({ database, user: 'pgmon', password: PASSWORD }),
  };
}

async function mustRun({ version, ...sessions }: Sessions, sql: Omit<RunbookSql, 'since'>): Promise<void> {
  await sessions[sql.where][sql.user].query(sql.text).catch((error: unknown) => {
    throw new Error(`PostgreSQL ${version}, ${sql.where}, as ${sql.user}: ${String(error)}\n${sql.text}`);
  });
}

async function makeFixture({ primary }: Sessions): Promise<void> {
  await primary.postgres.query(FIXTURE);
  const { rows } = await primary.postgres.query<{ count: string }>(IS_PREPARED);
  if (rows[0]?.count === '0') await primary.postgres.query(PREPARED);
}

async function startPair(fleet: PostgresFleet, version: PostgresVersion): Promise<Sessions> {
  const primary = await fleet.startServer(version, { settings: SETTINGS, databases: ['app'] });
  await primary.sql(
    `CREATE ROLE pgmon LOGIN PASSWORD '${PASSWORD}'; GRANT pg_monitor TO pgmon; CREATE ROLE app_user`,
  );
  await primary.sql('CREATE EXTENSION pg_stat_statements', { database: 'app' });
  const replica = await fleet.startServer(version, { replicaOf: primary, slot: 'replica_1' });
  const sessions = { version, primary: await open(primary), replica: await open(replica) };
  await makeFixture(sessions);
  return sessions;
}

describe.skipIf(missing !== null)(`the SQL of runbooks${missing ?? ''}`, () => {
  let fleet: PostgresFleet;
  let servers: readonly Sessions[] = [];

  beforeAll(async () => {
    fleet = await createFleet('runbooks');
    servers = await Promise.all(POSTGRES_VERSIONS.map((version) => startPair(fleet, version)));
  }, 300_000);
  afterAll(async () => fleet?.remove(), 60_000);

  const pages = readRunbooks().filter(({ sql }) => sql.length > 0);
  it.each(pages.map((page) => [page.alert, page] as const))(
    '%s runs on every version',
    async (_name, page) => {
      for (const server of servers) {
        if (page.sql.some(({ user }) => user === 'postgres')) await makeFixture(server);
        for (const sql of page.sql.filter(({ since }) => server.version >= since)) await mustRun(server, sql);
      }
    },
  );

  const alerts = EVERY_ALERT.map(({ alert }) => alert).filter(({ sql }) => sql !== null);
  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    'the statement in the alert %s runs for the monitoring role on every version it holds for',
    async (_name, { sql, versions }) => {
      const fits = servers.filter(
        ({ version }) => version >= (versions?.min ?? 0) && version <= (versions?.max ?? 99),
      );
      expect(fits.length).toBeGreaterThan(0);
      for (const server of fits) {
        await mustRun(server, { text: sql ?? '', user: 'pgmon', where: 'primary' });
        await mustRun(server, { text: sql ?? '', user: 'pgmon', where: 'replica' });
      }
    },
  );
});
