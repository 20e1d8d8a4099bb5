/** Every query of the catalogue runs on every supported PostgreSQL, on a primary and on a replica, with pg_monitor only. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SQL_QUERIES } from '../../src/catalog/sql-queries/all-queries.ts';
import { samplesOf } from '../../src/verify/exposition.ts';
import { daemonMissing } from '../support/daemon.ts';
import {
  createFleet,
  olderVersionsMissing,
  POSTGRES_VERSIONS,
  type PostgresFleet,
  type PostgresServer,
} from '../support/postgres-versions.ts';
import { blockSession, killSession, vacuumSlowly } from '../support/server-activity.ts';
import { failedQueries, MONITOR, sampleValue, startSqlExporter } from '../support/sql-exporter.ts';
import {
  expectActivity,
  expectCounters,
  expectReplica,
  expectUpdates,
} from '../support/sql-metrics-by-version.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());
let fleet: PostgresFleet;

async function probe(server: PostgresServer): Promise<{ readonly body: string; readonly log: string }> {
  const exporter = await startSqlExporter({ port: server.port() });
  onTestFinished(exporter.close);
  const { status, body } = await exporter.probe(30);
  expect(status, body).toBe(200);
  return { body, log: exporter.log() };
}

/** Queries of the catalogue that ran, whatever they found. */
function namesOf(body: string): readonly string[] {
  const names = samplesOf(body, ['pgmon_sql_query_success']).map(({ labels }) => labels.query ?? '');
  return [...new Set(names)].sort();
}

function expectedNames(version: number, role: 'primary' | 'replica'): readonly string[] {
  return SQL_QUERIES.filter(
    (query) =>
      (query.minVersion ?? 0) <= version &&
      (query.maxVersion ?? 99) >= version &&
      (query.role === null || query.role === role),
  )
    .map(({ name }) => name)
    .sort();
}

describe.skipIf(missing !== null)(`the SQL exporter's queries${missing ?? ''}`, () => {
  beforeAll(async () => {
    fleet = await createFleet('sqlver');
  });
  afterAll(async () => fleet?.remove());

  it.each(POSTGRES_VERSIONS)('all work on PostgreSQL %i and on its replica', async (version) => {
    const settings = { wal_level: 'logical', track_io_timing: 'on' };
    const primary = await fleet.startServer(version, { settings });
    await primary.sql(`CREATE ROLE ${MONITOR.user} LOGIN PASSWORD '${MONITOR.password}' CONNECTION LIMIT 10;
      GRANT pg_monitor TO ${MONITOR.user};
      CREATE TABLE t (id serial PRIMARY KEY, name text); INSERT INTO t (name) VALUES ('a');
      UPDATE t SET name = 'b'; UPDATE t SET id = 7;
      GRANT SELECT ON SEQUENCE t_id_seq TO ${MONITOR.user}`);
    await primary.sql(
      "CREATE SUBSCRIPTION sub CONNECTION 'host=192.0.2.1' PUBLICATION p WITH (connect = false)",
    );
    await killSession(primary);
    const vacuum = await vacuumSlowly(primary, 'slow');
    const holder = await blockSession(primary, 't');
    const { body, log } = await probe(primary);
    expect(failedQueries(body), log).toEqual([]);
    expect(namesOf(body)).toEqual(expectedNames(version, 'primary'));
    expect(sampleValue(body, 'pgmon_subscription_enabled', { subname: 'sub', datname: 'postgres' })).toBe(0);
    expect(sampleValue(body, 'pgmon_subscription_worker_up', { subname: 'sub' })).toBe(0);
    expect(sampleValue(body, 'pgmon_subscription_errors_total', { subname: 'sub' })).toBe(
      version >= 15 ? 0 : undefined,
    );
    expect(sampleValue(body, 'pgmon_sequence_used_ratio', { sequencename: 't_id_seq' })).toBeLessThan(0.01);
    expect(sampleValue(body, 'pgmon_table_frozenxid_age_transactions', { relname: 't' })).toBeGreaterThan(0);
    expectCounters(body, version);
    expectUpdates(body);
    expectActivity(body, holder);
    expect(body).not.toMatch(/^pgmon_(replica_|kcache_(?!loaded))/m);
    expect(sampleValue(body, 'pgmon_kcache_loaded')).toBe(0);
    await vacuum.stop();
    await holder.stop();

    const replica = await fleet.startServer(version, { replicaOf: primary });
    const second = await probe(replica);
    expect(failedQueries(second.body), second.log).toEqual([]);
    expect(namesOf(second.body)).toEqual(expectedNames(version, 'replica'));
    expect(sampleValue(second.body, 'pgmon_replay_paused')).toBe(0);
    // A replica that has just come may still be catching up.
    await vi.waitFor(async () => expectReplica((await probe(primary)).body), {
      timeout: 60_000,
      interval: 500,
    });
  });
});
