/** Faults of whole servers, their replicas, their WAL and their vacuum. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from '../postgres-versions.ts';
import { type Fault, MONITOR_PASSWORD } from './fault.ts';

/** A program in the server's container that must succeed. */
async function runIn(server: PostgresServer, command: readonly string[]): Promise<void> {
  const { code, output } = await server.exec(command);
  if (code !== 0) throw new Error(`${command.join(' ')} failed (${code}): ${output}`);
}

export const SERVER_FAULTS: readonly Fault[] = [
  {
    what: 'the server is stopped',
    alert: 'PostgreSQLDown',
    instance: 'stopped',
    lane: 'stopped',
    provoke: async ({ stopped }) => {
      await stopped.stop();
      return stopped.start;
    },
  },
  {
    what: "the monitoring role's password is changed",
    alert: 'PostgreSQLDown',
    instance: 'login',
    lane: 'login',
    provoke: async ({ login }) => {
      await login.sql("ALTER ROLE pgmon PASSWORD 'another-one-2'");
      await login.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pgmon'");
      return async () => void (await login.sql(`ALTER ROLE pgmon PASSWORD '${MONITOR_PASSWORD}'`));
    },
  },
  {
    what: 'replay is paused on the replica',
    alert: 'PostgreSQLReplayPaused',
    instance: 'replica',
    lane: 'replication',
    provoke: async ({ replica }) => {
      await replica.sql('SELECT pg_wal_replay_pause()');
      return async () => void (await replica.sql('SELECT pg_wal_replay_resume()'));
    },
  },
  {
    what: 'the replica lags behind in bytes',
    alert: 'PostgreSQLReplicationLagBytes',
    instance: 'primary',
    lane: 'replication',
    value: 8 * 1024 * 1024,
    provoke: async ({ primary, replica }) => {
      await replica.sql('SELECT pg_wal_replay_pause()');
      await primary.sql("CREATE TABLE lagging AS SELECT repeat('x', 1000) FROM generate_series(1, 40000)");
      return async () => void (await replica.sql('SELECT pg_wal_replay_resume()'));
    },
  },
  {
    what: 'the replica loses its primary',
    alert: 'PostgreSQLReplicationBroken',
    instance: 'replica',
    lane: 'replication',
    provoke: async ({ primary }) => {
      await primary.stop();
      return primary.start;
    },
  },
  {
    what: 'a slot that nobody reads holds WAL back',
    alert: 'PostgreSQLReplicationSlotRetainingWAL',
    instance: 'slots',
    lane: 'slot',
    value: 32 * 1024 * 1024,
    provoke: async ({ slots }) => {
      await slots.sql("SELECT pg_create_physical_replication_slot('forgotten', true)");
      await slots.sql("CREATE TABLE retained AS SELECT repeat('y', 1000) FROM generate_series(1, 60000)");
      return async () => void (await slots.sql("SELECT pg_drop_replication_slot('forgotten')"));
    },
  },
  {
    what: 'archive_command fails',
    alert: 'PostgreSQLArchivingFailing',
    instance: 'wal',
    lane: 'wal-archive',
    provoke: async ({ wal }) => {
      await wal.sql("ALTER SYSTEM SET archive_command = 'false'");
      await wal.sql('SELECT pg_reload_conf()');
      await wal.sql('SELECT pg_switch_wal()');
      return async () => {
        await wal.sql("ALTER SYSTEM SET archive_command = 'true'");
        await wal.sql('SELECT pg_reload_conf()');
        await wal.sql('CREATE TABLE switched (); SELECT pg_switch_wal()');
      };
    },
  },
  {
    what: 'checkpoints are forced one after the other',
    alert: 'PostgreSQLTooManyForcedCheckpoints',
    instance: 'wal',
    lane: 'wal-checkpoints',
    provoke: async ({ wal }) => {
      for (let i = 0; i < 8; i += 1) {
        // Over some scrapes: an increase needs a sample before it.
        await sleep(3000);
        await wal.sql('CREATE TABLE filler AS SELECT 1 AS n');
        await wal.sql('CHECKPOINT');
        await wal.sql('DROP TABLE filler');
      }
      // Ends when enough checkpoints came by the clock, one every 30 seconds.
      return async () => undefined;
    },
  },
  {
    what: 'a table fills with dead rows that vacuum may not remove',
    alert: 'PostgreSQLHighTableBloat',
    instance: 'vacuum',
    lane: 'vacuum',
    provoke: async ({ vacuum }) => {
      await vacuum.sql('CREATE TABLE churned AS SELECT g AS id, 0 AS n FROM generate_series(1, 50000) g');
      await vacuum.sql('ALTER TABLE churned SET (autovacuum_enabled = off)');
      await vacuum.sql('UPDATE churned SET n = n + 1');
      return async () => void (await vacuum.sql('VACUUM churned'));
    },
  },
  {
    what: 'transaction ids run out, against a lowered autovacuum_freeze_max_age',
    alert: 'PostgreSQLTransactionIdWraparound',
    instance: 'vacuum',
    lane: 'vacuum',
    provoke: async ({ vacuum }) => {
      // Without it the server would freeze by itself, autovacuum being off or not.
      const holder = await vacuum.connect();
      await holder.query('BEGIN; SELECT txid_current()');
      await runIn(vacuum, ['sh', '-c', "echo 'SELECT txid_current();' > /tmp/burn.sql"]);
      await runIn(vacuum, ['pgbench', '-n', '-f', '/tmp/burn.sql', '-c', '4', '-t', '60000', 'postgres']);
      return async () => {
        await holder.end();
        await vacuum.sql('ALTER DATABASE template0 ALLOW_CONNECTIONS true');
        await runIn(vacuum, ['vacuumdb', '--all', '--freeze', '--quiet']);
        await vacuum.sql('ALTER DATABASE template0 ALLOW_CONNECTIONS false');
      };
    },
  },
];
