/** Every piece of SQL that a runbook or an alert shows runs on real PostgreSQL of every supported major. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY_ALERT } from '../../src/catalog/alerts/every-alert.ts';
import { daemonMissing } from '../support/daemon.ts';
import {
  createFleet,
  olderVersionsMissing,
  POSTGRES_VERSIONS,
  type PostgresFleet,
  type PostgresServer,
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

async function makeFixture(server: PostgresServer): Promise<void> {
  await mustRun(server, FIXTURE, 'postgres');
  const { output } = await server.psql(['-Atqd', 'app'], IS_PREPARED);
  if (output.trim() === '0') await mustRun(server, PREPARED, 'postgres');
}

async function mustRun(server: PostgresServer, text: string, user: RunbookSql['user']): Promise<void> {
  const { code, output } = await server.psql(['-Atqd', 'app', '-U', user, '-v', 'ON_ERROR_STOP=1'], text);
  if (code !== 0) throw new Error(`PostgreSQL ${server.version} as ${user}: ${output.trim()}\n${text}`);
}

describe.skipIf(missing !== null)(`the SQL of runbooks${missing ?? ''}`, () => {
  let fleet: PostgresFleet;
  const servers = new Map<number, { readonly primary: PostgresServer; readonly replica: PostgresServer }>();

  beforeAll(async () => {
    fleet = await createFleet('runbooks');
    for (const version of POSTGRES_VERSIONS) {
      const primary = await fleet.startServer(version, { settings: SETTINGS, databases: ['app'] });
      await primary.sql('CREATE ROLE pgmon LOGIN; GRANT pg_monitor TO pgmon; CREATE ROLE app_user LOGIN');
      await primary.sql('CREATE EXTENSION pg_stat_statements', { database: 'app' });
      await makeFixture(primary);
      const replica = await fleet.startServer(version, { replicaOf: primary, slot: 'replica_1' });
      servers.set(version, { primary, replica });
    }
  }, 300_000);
  afterAll(async () => fleet?.remove(), 60_000);

  const pages = readRunbooks().filter(({ sql }) => sql.length > 0);
  it.each(pages.map((page) => [page.alert, page] as const))(
    '%s runs on every version',
    async (_name, page) => {
      for (const [version, pair] of servers) {
        await makeFixture(pair.primary);
        for (const { text, user, where, since } of page.sql) {
          if (version >= since) await mustRun(pair[where], text, user);
        }
      }
    },
  );

  const alerts = EVERY_ALERT.map(({ alert }) => alert).filter(({ sql }) => sql !== null);
  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    'the statement in the alert %s runs for the monitoring role on every version it holds for',
    async (_name, { sql, versions }) => {
      const fits = [...servers].filter(
        ([version]) => version >= (versions?.min ?? 0) && version <= (versions?.max ?? 99),
      );
      expect(fits.length).toBeGreaterThan(0);
      for (const [, { primary, replica }] of fits) {
        await mustRun(primary, sql ?? '', 'pgmon');
        await mustRun(replica, sql ?? '', 'pgmon');
      }
    },
  );
});
