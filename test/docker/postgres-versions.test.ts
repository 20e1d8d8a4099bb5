/** The servers that other tests stand on: every supported major runs, replicates and answers. */
import { afterAll, describe, expect, it } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import {
  createFleet,
  olderVersionsMissing,
  POSTGRES_VERSIONS,
  type PostgresFleet,
} from '../support/postgres-versions.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());

describe.skipIf(missing !== null)(`PostgreSQL of every supported major${missing ?? ''}`, () => {
  let fleet: Promise<PostgresFleet> | undefined;
  const theFleet = () => {
    fleet ??= createFleet('versions');
    return fleet;
  };
  afterAll(async () => (await fleet)?.remove());

  it.each(POSTGRES_VERSIONS)(
    '%i runs with pg_stat_statements, and a replica streams from it',
    async (version) => {
      const { startServer } = await theFleet();
      const primary = await startServer(version, {
        settings: { shared_preload_libraries: 'pg_stat_statements' },
        databases: ['app'],
      });
      await primary.sql('CREATE EXTENSION pg_stat_statements; CREATE TABLE t AS SELECT 7 AS n', {
        database: 'app',
      });
      const replica = await startServer(version, { replicaOf: primary, slot: 'standby' });
      const [row] = await replica.sql(
        "SELECT current_setting('server_version_num')::int / 10000 AS major, pg_is_in_recovery() AS replica, n FROM t",
        { database: 'app' },
      );
      expect(row).toEqual({ major: version, replica: true, n: 7 });
      // The receiver shows itself before it asks for the slot.
      await expect
        .poll(() => primary.sql('SELECT slot_name, active FROM pg_replication_slots'), { timeout: 30_000 })
        .toEqual([{ slot_name: 'standby', active: true }]);
    },
  );
});
