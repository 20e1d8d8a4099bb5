/** The SQL exporter against real servers: what it sees, what it refuses, and what it never does to a server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CustomMetric } from '../../src/stack/stack.ts';
import { samplesOf } from '../../src/verify/exposition.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createFleet, type PostgresFleet, type PostgresServer } from '../support/postgres-versions.ts';
import { until } from '../support/server-activity.ts';
import {
  type ExporterOptions,
  failedQueries,
  MONITOR,
  sampleValue,
  startSqlExporter,
  type TestExporter,
} from '../support/sql-exporter.ts';
import { runTool } from '../support/tools.ts';

const HOSTILE = 'we ird"\\\'$x\n}';
const SECRET = MONITOR.password;

let fleet: PostgresFleet;
let primary: PostgresServer;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function makeRole(server: PostgresServer): Promise<void> {
  await server.sql(`CREATE ROLE ${MONITOR.user} LOGIN PASSWORD '${MONITOR.password}' CONNECTION LIMIT 10;
    GRANT pg_monitor TO ${MONITOR.user}`);
}

async function exporterFor(options: Partial<ExporterOptions> = {}): Promise<TestExporter> {
  const exporter = await startSqlExporter({ port: primary.port(), ...options });
  onTestFinished(exporter.close);
  return exporter;
}

async function probed(options: Partial<ExporterOptions> = {}): Promise<string> {
  const exporter = await exporterFor(options);
  const { status, body } = await exporter.probe();
  expect(status, body).toBe(200);
  return body;
}

describe.skipIf(daemonMissing !== null)(`the SQL exporter${daemonMissing ?? ''}`, () => {
  beforeAll(async () => {
    fleet = await createFleet('sqlexp');
    primary = await fleet.startServer(18, {
      settings: {
        shared_preload_libraries: 'pg_stat_statements',
        'pg_stat_statements.track_utility': 'off',
        max_prepared_transactions: 10,
        wal_level: 'logical',
        max_connections: 60,
      },
      databases: ['app', HOSTILE, 'closed'],
    });
    await makeRole(primary);
    await primary.sql('CREATE EXTENSION pg_stat_statements');
    await primary.sql('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
    await primary.sql(
      `CREATE TABLE items (id int PRIMARY KEY, n int UNIQUE);
       INSERT INTO items SELECT g, g FROM generate_series(1, 1000) g; ANALYZE items`,
      { database: 'app' },
    );
  });
  afterAll(async () => fleet?.remove());

  it('gives every metric that needs no fault, with a role that is in pg_monitor only', async () => {
    const body = await probed();
    expect(failedQueries(body)).toEqual([]);
    expect(body).toMatch(/^pgmon_server_info\{version="18\.[^"]*"\} 1$/m);
    expect(sampleValue(body, 'pgmon_server_version_num')).toBeGreaterThanOrEqual(180_000);
    expect(sampleValue(body, 'pgmon_blocked_sessions', { datname: 'app' })).toBe(0);
    expect(sampleValue(body, 'pgmon_xmin_age_transactions', { holder: 'slot' })).toBe(0);
    expect(sampleValue(body, 'pgmon_statements_loaded')).toBe(1);
    expect(sampleValue(body, 'pgmon_statements_dealloc_total')).toBe(0);
    expect(sampleValue(body, 'pgmon_wal_ready_segments')).toBe(0);
    expect(sampleValue(body, 'pgmon_tables', { datname: 'app' })).toBe(1);
    expect(sampleValue(body, 'pgmon_table_live_tuples', { datname: 'app', relname: 'items' })).toBe(1000);
    expect(sampleValue(body, 'pgmon_table_bloat_ratio', { relname: 'items' })).toBeLessThan(0.2);
    expect(sampleValue(body, 'pgmon_index_size_bytes', { indexrelname: 'items_n_key' })).toBeGreaterThan(0);
    expect(body).not.toContain('pgmon_replay_paused');
  });

  it('reads databases with hostile names and counts those that the role may not enter', async () => {
    const body = await probed();
    const watched = samplesOf(body, ['pgmon_tables']).map(({ labels }) => labels.datname);
    expect(watched.toSorted()).toEqual(['app', 'postgres', HOSTILE].toSorted());
    expect(sampleValue(body, 'pgmon_sql_databases')).toBe(3);
    expect(sampleValue(body, 'pgmon_sql_databases_skipped')).toBe(1);
  });

  it('says which database of a list cannot be asked, and reads the others', async () => {
    const exporter = await exporterFor({ databases: ['app', 'closed', 'nowhere'] });
    const { status, body } = await exporter.probe();
    expect(status).toBe(200);
    expect(sampleValue(body, 'pgmon_tables', { datname: 'app' })).toBe(1);
    expect(new Set(failedQueries(body).map((name) => name.split(' in ')[1]))).toEqual(
      new Set(['closed', 'nowhere']),
    );
    expect(exporter.log()).toContain('permission denied for database');
    const before = exporter.log();
    await exporter.probe();
    expect(exporter.log()).toBe(before);
  });

  it('sees who waits for whom', async () => {
    const holder = await primary.connect({ database: 'app' });
    await holder.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE');
    const waiter = await primary.connect({ database: 'app' });
    const waiting = waiter.query('SELECT count(*) FROM items').catch(() => undefined);
    await until(primary, `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    await sleep(1200);
    const startedMs = Date.now();
    const body = await probed();
    // The locked table stands in no probe's way.
    expect(Date.now() - startedMs).toBeLessThan(8000);
    expect(failedQueries(body)).toEqual([]);
    expect(sampleValue(body, 'pgmon_table_live_tuples', { datname: 'app', relname: 'items' })).toBe(1000);
    expect(sampleValue(body, 'pgmon_blocked_sessions', { datname: 'app' })).toBe(1);
    expect(sampleValue(body, 'pgmon_blocking_sessions', { datname: 'app' })).toBe(1);
    expect(sampleValue(body, 'pgmon_blocked_seconds_max', { datname: 'app' })).toBeGreaterThan(1);
    expect(sampleValue(body, 'pgmon_blocked_sessions', { datname: 'postgres' })).toBe(0);
    await holder.query('ROLLBACK');
    await waiting;
  });

  it('sees a prepared transaction and what it holds back', async () => {
    await primary.sql("BEGIN; INSERT INTO items VALUES (2000, 2000); PREPARE TRANSACTION 'left'", {
      database: 'app',
    });
    onTestFinished(async () => void (await primary.sql("ROLLBACK PREPARED 'left'", { database: 'app' })));
    await sleep(50);
    const body = await probed();
    expect(sampleValue(body, 'pgmon_prepared_transactions', { datname: 'app' })).toBe(1);
    expect(sampleValue(body, 'pgmon_prepared_transaction_age_seconds', { datname: 'app' })).toBeGreaterThan(
      0.04,
    );
    expect(sampleValue(body, 'pgmon_xmin_age_transactions', { holder: 'prepared' })).toBeGreaterThan(0);
    expect(sampleValue(body, 'pgmon_xmin_age_transactions', { holder: 'transaction' })).toBe(0);
  });

  it('sees an old snapshot and a slot that hold VACUUM back', async () => {
    const holder = await primary.connect({ database: 'app' });
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
    await primary.sql("SELECT pg_create_logical_replication_slot('held', 'pgoutput')");
    onTestFinished(async () => void (await primary.sql("SELECT pg_drop_replication_slot('held')")));
    await primary.sql('CREATE TABLE burn (); DROP TABLE burn');
    for (let i = 0; i < 20; i += 1) await primary.sql('SELECT pg_current_xact_id()');
    const body = await probed();
    expect(
      sampleValue(body, 'pgmon_xmin_age_transactions', { holder: 'transaction' }),
    ).toBeGreaterThanOrEqual(20);
    expect(sampleValue(body, 'pgmon_xmin_age_transactions', { holder: 'slot' })).toBeGreaterThanOrEqual(20);
    expect(sampleValue(body, 'pgmon_xmin_holder_age_seconds', { holder: 'transaction' })).toBeGreaterThan(0);
    await holder.query('ROLLBACK');
  });

  it('sees an invalid index', async () => {
    await primary.sql('CREATE TABLE twins AS SELECT 1 AS a FROM generate_series(1, 2)', { database: 'app' });
    onTestFinished(async () => void (await primary.sql('DROP TABLE twins', { database: 'app' })));
    const failing = primary.sql('CREATE UNIQUE INDEX CONCURRENTLY twins_a ON twins (a)', { database: 'app' });
    await expect(failing).rejects.toThrow('could not create unique index');
    const labels = { datname: 'app', schemaname: 'public', relname: 'twins', indexrelname: 'twins_a' };
    expect(sampleValue(await probed(), 'pgmon_index_invalid', labels)).toBe(1);
  });

  it('gives the use of sequences that the role may read, and counts the others', async () => {
    await primary.sql(
      `CREATE TABLE orders (id serial, small smallserial);
       CREATE SEQUENCE down INCREMENT -1 MINVALUE -100 MAXVALUE -1;
       SELECT setval('orders_id_seq', 2040109465), setval('down', -90), setval('orders_small_seq', 1)`,
      { database: 'app' },
    );
    onTestFinished(
      async () => void (await primary.sql('DROP TABLE orders; DROP SEQUENCE down', { database: 'app' })),
    );
    const without = await probed();
    expect(sampleValue(without, 'pgmon_sequences_unreadable', { datname: 'app' })).toBe(3);
    expect(without).not.toContain('pgmon_sequence_used_ratio{');
    await primary.sql(`GRANT SELECT ON SEQUENCE orders_id_seq, down TO ${MONITOR.user}`, { database: 'app' });
    const body = await probed();
    const ratio = (sequencename: string) =>
      sampleValue(body, 'pgmon_sequence_used_ratio', { datname: 'app', sequencename });
    expect(ratio('orders_id_seq')).toBeCloseTo(0.95, 6);
    expect(ratio('down')).toBeCloseTo(89 / 99, 6);
    expect(sampleValue(body, 'pgmon_sequences_unreadable', { datname: 'app' })).toBe(1);
  });

  it('takes the end of the column when a wider sequence feeds it', async () => {
    await primary.sql(
      `CREATE SEQUENCE wide; CREATE TABLE narrow (id int DEFAULT nextval('wide')); ALTER SEQUENCE wide OWNED BY narrow.id;
       SELECT setval('wide', 1073741824); GRANT SELECT ON SEQUENCE wide TO ${MONITOR.user}`,
      { database: 'app' },
    );
    onTestFinished(async () => void (await primary.sql('DROP TABLE narrow', { database: 'app' })));
    expect(sampleValue(await probed(), 'pgmon_sequence_used_ratio', { sequencename: 'wide' })).toBeCloseTo(
      0.5,
      6,
    );
  });

  it('sees the bloat of a table that the role may not read', async () => {
    await primary.sql(
      `CREATE TABLE fat (id bigint, at timestamptz) WITH (autovacuum_enabled = off);
       INSERT INTO fat SELECT g, now() FROM generate_series(1, 50000) g; DELETE FROM fat WHERE id % 4 > 0`,
      { database: 'app' },
    );
    onTestFinished(async () => void (await primary.sql('DROP TABLE fat', { database: 'app' })));
    const client = await primary.connect({ database: 'app' });
    await client.query('VACUUM ANALYZE fat');
    const body = await probed();
    expect(sampleValue(body, 'pgmon_table_bloat_ratio', { relname: 'fat' })).toBeCloseTo(0.75, 1);
    const size = sampleValue(body, 'pgmon_table_size_bytes', { relname: 'fat' }) ?? 0;
    expect(sampleValue(body, 'pgmon_table_bloat_bytes', { relname: 'fat' })).toBeGreaterThan(size / 2);
  });

  it('measures dead rows against the settings of the table', async () => {
    await primary.sql(
      `CREATE TABLE churn (id int) WITH (autovacuum_enabled = off, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);
       INSERT INTO churn SELECT generate_series(1, 1000)`,
      { database: 'app' },
    );
    await primary.sql('ANALYZE churn', { database: 'app' });
    onTestFinished(async () => void (await primary.sql('DROP TABLE churn', { database: 'app' })));
    await primary.sql('DELETE FROM churn WHERE id <= 300; SELECT pg_stat_force_next_flush()', {
      database: 'app',
    });
    await sleep(300);
    const body = await probed();
    expect(sampleValue(body, 'pgmon_table_dead_tuples', { relname: 'churn' })).toBe(300);
    expect(sampleValue(body, 'pgmon_table_vacuum_ratio', { relname: 'churn' })).toBeCloseTo(3, 6);
    // 50 + 10 % of 1000 rows.
    expect(sampleValue(body, 'pgmon_table_analyze_ratio', { relname: 'churn' })).toBeCloseTo(2, 6);
  });

  it('sees a setting that waits for a restart', async () => {
    await primary.sql('ALTER SYSTEM SET max_connections = 61');
    await primary.sql('SELECT pg_reload_conf()');
    onTestFinished(async () => {
      await primary.sql('ALTER SYSTEM RESET max_connections');
      await primary.sql('SELECT pg_reload_conf()');
    });
    await until(primary, 'SELECT FROM pg_settings WHERE pending_restart');
    expect(sampleValue(await probed(), 'pgmon_settings_pending_restart')).toBe(1);
  });

  it('answers 503 for a wrong password, and repeats it nowhere', async () => {
    const wrong = 'wr0ng "pass" \\ word';
    const exporter = await exporterFor({ password: wrong });
    const { status, body } = await exporter.probe();
    expect(status).toBe(503);
    expect(body).toContain('password authentication failed');
    for (const text of [body, exporter.log()]) expect(text).not.toContain(wrong);
    expect(exporter.log()).not.toContain(SECRET);
  });

  it('answers 503 within its time when the server hangs, and again 200 afterwards', async () => {
    const exporter = await exporterFor({ slowIntervalSeconds: 1 });
    expect((await exporter.probe()).status).toBe(200);
    await runTool('docker', ['pause', primary.name]);
    try {
      await sleep(1000);
      const startedMs = Date.now();
      const { status, body } = await exporter.probe(2);
      expect(status, body).toBe(503);
      expect(Date.now() - startedMs).toBeLessThan(4000);
    } finally {
      await runTool('docker', ['unpause', primary.name]);
    }
    expect((await exporter.probe()).status).toBe(200);
    expect(exporter.log()).toContain('works again');
  });

  it('answers 503 within its time when nobody answers', async () => {
    // TEST-NET-1: packets get no answer, or an error at once.
    const exporter = await exporterFor({ host: '192.0.2.1' });
    const startedMs = Date.now();
    const { status } = await exporter.probe(2);
    expect(status).toBe(503);
    expect(Date.now() - startedMs).toBeLessThan(4000);
  });

  it('answers 404 for a server that it does not know', async () => {
    const exporter = await exporterFor();
    expect((await fetch(`${exporter.url}/probe?server=other`)).status).toBe(404);
    expect((await fetch(`${exporter.url}/probe`)).status).toBe(404);
  });

  it("runs the user's SQL read-only, alone, and drops the result when it fails", async () => {
    const metric: CustomMetric = {
      name: 'shop_open',
      help: 'Open.',
      type: 'gauge',
      query: `SELECT 'a"b' AS shop, n FROM shop -- all`,
      labels: ['shop'],
      value: 'n',
      intervalSeconds: 1,
      minVersion: null,
      servers: null,
    };
    await primary.sql(
      `CREATE TABLE shop (n int); INSERT INTO shop VALUES (3); GRANT SELECT ON shop TO ${MONITOR.user}`,
    );
    onTestFinished(async () => void (await primary.sql('DROP TABLE IF EXISTS shop')));
    const exporter = await exporterFor({
      customMetrics: [
        metric,
        { ...metric, name: 'writes', query: "SELECT '' AS shop, nextval('s') AS n FROM (SELECT 1) x" },
        { ...metric, name: 'two', query: 'SELECT 1 AS shop, 1 AS n) AS q; DROP TABLE shop; SELECT (1' },
        { ...metric, name: 'newer', query: "SELECT 'x' AS shop, 1 AS n", minVersion: 99 },
        { ...metric, name: 'elsewhere', query: "SELECT 'x' AS shop, 1 AS n", servers: ['other'] },
      ],
    });
    await primary.sql(`CREATE SEQUENCE s; GRANT ALL ON SEQUENCE s TO ${MONITOR.user}`);
    onTestFinished(async () => void (await primary.sql('DROP SEQUENCE s')));
    const first = (await exporter.probe()).body;
    expect(sampleValue(first, 'shop_open', { shop: 'a"b' })).toBe(3);
    expect(failedQueries(first)).toEqual(['writes', 'two']);
    expect(exporter.log()).toContain('cannot execute nextval() in a read-only transaction');
    expect(exporter.log()).toMatch(/query="two" msg="[^\n]*(syntax error|multiple commands)/);
    expect(first).not.toMatch(/^(newer|elsewhere)/m);
    await primary.sql('DROP TABLE shop');
    await sleep(1000);
    const second = (await exporter.probe()).body;
    expect(second).not.toMatch(/^shop_open/m);
    expect(failedQueries(second)).toContain('shop_open');
    expect(sampleValue(second, 'pgmon_settings_pending_restart')).toBe(0);
  });

  it('gives remembered results within the interval, without a connection', async () => {
    const exporter = await exporterFor({ slowIntervalSeconds: 30 });
    const first = (await exporter.probe()).body;
    const logins = async () =>
      Number(
        (await primary.sql("SELECT sum(sessions) AS n FROM pg_stat_database WHERE datname = 'app'"))[0]?.n,
      );
    // A session is counted for good before it leaves the list.
    const left = `SELECT WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE usename = '${MONITOR.user}')`;
    await until(primary, left);
    const before = await logins();
    expect((await exporter.probe()).body).toBe(first);
    await until(primary, left);
    expect(await logins()).toBe(before);
  });

  it('makes two probes at once one', async () => {
    const exporter = await exporterFor();
    const [one, two] = await Promise.all([exporter.probe(), exporter.probe()]);
    expect(one.body).toBe(two.body);
    const metrics = await (await fetch(`${exporter.url}/metrics`)).text();
    expect(sampleValue(metrics, 'pgmon_sql_exporter_probes_total', { target: 'db' })).toBe(1);
  });

  it('needs few statements a minute', async () => {
    const exporter = await exporterFor({ databases: ['postgres', 'app'] });
    await primary.sql('SELECT pg_stat_statements_reset()');
    await exporter.probe();
    const [row] = await primary.sql(`SELECT sum(calls) AS calls, sum(total_exec_time) AS ms,
        sum(calls) FILTER (WHERE query LIKE '%pgmon_table_%') AS slow
      FROM pg_stat_statements WHERE userid = '${MONITOR.user}'::regrole`);
    // Per minute: facts and one combined statement; each five minutes one more for each database.
    expect(Number(row?.calls)).toBe(4);
    expect(Number(row?.slow)).toBe(2);
    expect(Number(row?.ms)).toBeLessThan(500);
  });

  it('has never more than one connection to a server of 40 databases', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `many${i}`);
    const admin = await primary.connect();
    for (const name of names) await admin.query(`CREATE DATABASE ${name} STRATEGY file_copy`);
    onTestFinished(async () => {
      for (const name of names) await primary.sql(`DROP DATABASE ${quoted(name)} WITH (FORCE)`);
    });
    await primary.sql(`ALTER ROLE ${MONITOR.user} CONNECTION LIMIT 1`);
    onTestFinished(async () => void (await primary.sql(`ALTER ROLE ${MONITOR.user} CONNECTION LIMIT 10`)));
    let most = 0;
    const watch = { isOver: false };
    const watching = (async () => {
      while (!watch.isOver) {
        const seen = await admin.query(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = '${MONITOR.user}'`,
        );
        most = Math.max(most, Number(seen.rows[0]?.n));
      }
    })();
    const exporter = await exporterFor({ maxDatabases: 42 });
    // The server itself refuses a second connection of the role.
    let body = (await exporter.probe(60)).body;
    watch.isOver = true;
    await watching;
    expect(most).toBe(1);
    expect(failedQueries(body)).toEqual([]);
    expect(samplesOf(body, ['pgmon_tables'])).toHaveLength(42);
    expect(sampleValue(body, 'pgmon_sql_databases_skipped')).toBe(2);
    // Too little time for all: each probe goes on where the last one ended.
    const hurried = await exporterFor({ maxDatabases: 42 });
    const reached: number[] = [];
    for (let probes = 0; probes < 60 && (reached.at(-1) ?? 0) < 42; probes += 1) {
      const answer = await hurried.probe(1);
      // On a busy machine the login alone may take that long; everything is asked anew then.
      if (answer.status === 200) reached.push(samplesOf(answer.body, ['pgmon_tables']).length);
      else reached.length = 0;
    }
    expect(reached[0]).toBeLessThan(42);
    expect(reached.at(-1)).toBe(42);
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
    body = (await (await exporterFor({ maxDatabases: 10 })).probe()).body;
    expect(samplesOf(body, ['pgmon_tables'])).toHaveLength(10);
    expect(sampleValue(body, 'pgmon_sql_databases_skipped')).toBe(34);
  });

  it('knows a replica, paused or not', async () => {
    const replica = await fleet.startServer(18, { replicaOf: primary });
    const exporter = await exporterFor({ port: replica.port(), slowIntervalSeconds: 1 });
    const running = (await exporter.probe()).body;
    expect(failedQueries(running)).toEqual([]);
    expect(sampleValue(running, 'pgmon_replay_paused')).toBe(0);
    expect(running).not.toContain('pgmon_table_bloat_ratio');
    expect(sampleValue(running, 'pgmon_index_scans_total', { indexrelname: 'items_n_key' })).toBeDefined();
    await replica.sql('SELECT pg_wal_replay_pause()');
    await sleep(1000);
    expect(sampleValue((await exporter.probe()).body, 'pgmon_replay_paused')).toBe(1);
  });
});
