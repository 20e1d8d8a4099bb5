/** The CPU time of statements, with the real pg_stat_kcache of Debian in a real server. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { kcacheMounts } from '../support/pg-stat-kcache.ts';
import { createFleet, type PostgresFleet, type PostgresServer } from '../support/postgres-versions.ts';
import { failedQueries, MONITOR, sampleValue, startSqlExporter } from '../support/sql-exporter.ts';
import { valuesBy } from '../support/sql-metrics-by-version.ts';

const mounts = daemonMissing === null ? await kcacheMounts() : { args: null, reason: daemonMissing };
const missing = mounts.args === null ? ` (skipped: no package of pg_stat_kcache: ${mounts.reason})` : '';

describe.skipIf(mounts.args === null)(`pg_stat_kcache${missing}`, () => {
  let fleet: PostgresFleet;
  let server: PostgresServer;
  beforeAll(async () => {
    fleet = await createFleet('kcache');
    server = await fleet.startServer(18, {
      settings: { shared_preload_libraries: 'pg_stat_statements,pg_stat_kcache' },
      databases: ['app'],
      dockerArgs: mounts.args ?? [],
    });
    await server.sql(`CREATE ROLE ${MONITOR.user} LOGIN PASSWORD '${MONITOR.password}';
      GRANT pg_monitor TO ${MONITOR.user}`);
  });
  afterAll(async () => fleet?.remove());

  const probed = async () => {
    const exporter = await startSqlExporter({ port: server.port() });
    onTestFinished(exporter.close);
    const { body } = await exporter.probe();
    expect(failedQueries(body), exporter.log()).toEqual([]);
    return body;
  };

  it('is not asked before somebody creates it, and then gives CPU time and bytes by database', async () => {
    const isAbsent = (page: string) => {
      expect(sampleValue(page, 'pgmon_kcache_loaded')).toBe(0);
      expect(page).not.toMatch(/^pgmon_kcache_(cpu|read|write)/m);
    };
    isAbsent(await probed());
    await server.sql('CREATE SCHEMA "my ext"');
    await server.sql('CREATE EXTENSION pg_stat_statements');
    await server.sql('CREATE EXTENSION pg_stat_kcache SCHEMA "my ext"');
    await server.sql(
      `CREATE TABLE burned AS SELECT md5(n::text) AS sum FROM generate_series(1, 400000) n;
       SELECT count(*) FROM burned WHERE md5(sum) > 'f'`,
      { database: 'app' },
    );
    // In a schema that the role may not use it is as if it were not there.
    isAbsent(await probed());
    await server.sql(`GRANT USAGE ON SCHEMA "my ext" TO ${MONITOR.user}`);
    const body = await probed();
    expect(sampleValue(body, 'pgmon_kcache_loaded')).toBe(1);
    const cpu = valuesBy(body, 'pgmon_kcache_cpu_seconds_total', ['datname', 'mode']);
    expect([...cpu.keys()].sort()).toEqual(['app system', 'app user', 'postgres system', 'postgres user']);
    expect(cpu.get('app user')).toBeGreaterThan(0.1);
    const written = valuesBy(body, 'pgmon_kcache_write_bytes_total', ['datname']);
    expect([...written.keys()].sort()).toEqual(['app', 'postgres']);
    expect(written.get('app')).toBeGreaterThan(1_000_000);
    expect(valuesBy(body, 'pgmon_kcache_read_bytes_total', ['datname']).get('app')).toBeGreaterThanOrEqual(0);
  });
});
