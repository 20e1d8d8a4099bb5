/** What the SQL exporter says of replicas, waits and vacuums that are not of the plain kind, on the newest PostgreSQL. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { createFleet, type PostgresFleet, type PostgresServer } from '../support/postgres-versions.ts';
import { until } from '../support/server-activity.ts';
import { failedQueries, MONITOR, sampleValue, startSqlExporter } from '../support/sql-exporter.ts';
import { valuesBy } from '../support/sql-metrics-by-version.ts';

let fleet: PostgresFleet;
let primary: PostgresServer;
const IN_APP = { database: 'app' };

async function probed(server = primary): Promise<string> {
  const exporter = await startSqlExporter({ port: server.port() });
  onTestFinished(exporter.close);
  const { status, body } = await exporter.probe();
  expect(status, body).toBe(200);
  expect(failedQueries(body), exporter.log()).toEqual([]);
  return body;
}

describe.skipIf(daemonMissing !== null)(`the SQL exporter on activity${daemonMissing ?? ''}`, () => {
  beforeAll(async () => {
    fleet = await createFleet('sqlact');
    primary = await fleet.startServer(18, {
      settings: { max_prepared_transactions: 5, autovacuum_naptime: '1s' },
      databases: ['app'],
    });
    await primary.sql(`CREATE ROLE ${MONITOR.user} LOGIN PASSWORD '${MONITOR.password}';
      GRANT pg_monitor TO ${MONITOR.user}`);
  });
  afterAll(async () => fleet?.remove());

  it('gives no times of reads and writes where PostgreSQL does not measure them', async () => {
    const body = await probed();
    const backend = { backend_type: 'client backend', context: 'normal' };
    expect(sampleValue(body, 'pgmon_io_read_bytes_total', backend)).toBeGreaterThan(0);
    expect(body).not.toMatch(/^pgmon_io_(read|write)_seconds_total/m);
  });

  it('names a prepared transaction that a session waits for', async () => {
    await primary.sql('CREATE TABLE kept ()', IN_APP);
    await primary.sql("BEGIN; LOCK TABLE kept IN ACCESS EXCLUSIVE MODE; PREPARE TRANSACTION 'left'", IN_APP);
    const waiter = await primary.connect(IN_APP);
    const waiting = waiter.query('SELECT FROM kept');
    await until(primary, `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    const body = await probed();
    await primary.sql("ROLLBACK PREPARED 'left'", IN_APP);
    await waiting;
    const labels = ['datname', 'blocking_pid', 'blocking_user', 'lock'];
    expect([...valuesBy(body, 'pgmon_blocked_pair_seconds', labels).keys()]).toEqual([
      'app 0 (prepared transaction) AccessShareLock on relation',
    ]);
    expect(sampleValue(body, 'pgmon_blocked_sessions', { datname: 'app' })).toBe(1);
    expect(sampleValue(body, 'pgmon_blocked_sessions', { datname: 'postgres' })).toBe(0);
  });

  it('names the table that autovacuum works on in another database', { timeout: 90_000 }, async () => {
    await primary.sql(
      `CREATE TABLE "Big One" (filler text) WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
         autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
       INSERT INTO "Big One" SELECT repeat('x', 2000) FROM generate_series(1, 2000);
       DELETE FROM "Big One"`,
      IN_APP,
    );
    onTestFinished(async () => void (await primary.sql('DROP TABLE "Big One"', IN_APP)));
    const seen = async () => [
      ...valuesBy(await probed(), 'pgmon_vacuum_progress_ratio', ['datname', 'relname']).keys(),
    ];
    await expect.poll(seen, { timeout: 60_000, interval: 1000 }).toContain('app Big One');
  });

  it('shows how far a replica is behind that stopped replaying', async () => {
    const replica = await fleet.startServer(18, { replicaOf: primary });
    const lag = async (figure: string) =>
      valuesBy(await probed(), `pgmon_replica_lag_${figure}`, ['application_name', 'stage']);
    await expect.poll(async () => (await lag('bytes')).get('replica replay'), { timeout: 60_000 }).toBe(0);
    // There is none for a moment when new WAL comes after a quiet time.
    await expect
      .poll(async () => (await lag('seconds')).get('replica replay'), { timeout: 60_000 })
      .toBeLessThan(10);
    await replica.sql('SELECT pg_wal_replay_pause()');
    await primary.sql('CREATE TABLE ahead AS SELECT generate_series(1, 50000) AS n');
    await expect
      .poll(async () => (await lag('bytes')).get('replica replay'), { timeout: 60_000 })
      .toBeGreaterThan(1_000_000);
    await expect
      .poll(async () => (await lag('bytes')).get('replica flush'), { timeout: 60_000 })
      .toBeLessThan(100_000);
    await replica.sql('SELECT pg_wal_replay_resume()');
    await expect.poll(async () => (await lag('bytes')).get('replica replay'), { timeout: 60_000 }).toBe(0);
  });

  it('counts two receivers that look alike as one, and knows no replay of them', async () => {
    const receive = (dir: string) =>
      `mkdir -p /tmp/${dir} && { nohup pg_receivewal -U postgres -D /tmp/${dir} --no-loop >/dev/null 2>&1 & echo $!; }`;
    const started = await primary.exec(['bash', '-c', `${receive('one')}; ${receive('two')}`]);
    expect(started.code, started.output).toBe(0);
    onTestFinished(
      async () => void (await primary.exec(['bash', '-c', `kill ${started.output.replaceAll('\n', ' ')}`])),
    );
    const isReceiving =
      "SELECT FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND state = 'streaming'";
    await expect.poll(async () => (await primary.sql(isReceiving)).length, { timeout: 60_000 }).toBe(2);
    const body = await probed();
    const info = valuesBy(body, 'pgmon_replica_info', ['application_name', 'client', 'state', 'sync_state']);
    expect(info.get('pg_receivewal local streaming async')).toBe(1);
    const bytes = valuesBy(body, 'pgmon_replica_lag_bytes', ['application_name', 'client', 'stage']);
    const stages = [...bytes.keys()].filter((key) => key.startsWith('pg_receivewal')).sort();
    expect(stages).toContain('pg_receivewal local sent');
    expect(stages).not.toContain('pg_receivewal local replay');
  });
});
