/** Numbers about replication of one server, whichever side it is on. */
import { NO_REPLICA_CONNECTED, NO_REPLICA_SELECTED, NO_SQL_EXPORTER } from '../empty-when.ts';
import { query, stat } from '../house-look.ts';
import { anyIsBad, highIsBad, LAG_SECONDS } from '../thresholds.ts';

const S = '{instance=~"$instance"}';
/** 0 for every server that is seen: what is counted may be none. */
const NONE = `or max(pg_replication_is_replica${S}) * 0`;
const MIB = 1024 ** 2;

export const ROLE = stat({
  id: 'role',
  title: 'Role (primary or replica)',
  text: {
    shows:
      'Whether the server takes writes (primary) or follows another one and only answers reads (replica).',
    normal: 'As you set it up. It changes only with a failover.',
    action:
      'After a change that nobody planned, see that the old primary is really stopped before anything writes to both.',
  },
  unit: 'none',
  words: { 0: 'primary', 1: 'replica' },
  queries: [query(`max(pg_replication_is_replica${S})`, 'role', { everySeconds: 60 })],
});

export const REPLICAS_CONNECTED = stat({
  id: 'replicas-connected',
  title: 'Replicas Connected (count)',
  text: {
    shows:
      'Replicas, logical subscribers and backups that take WAL from this server just now, as pg_stat_replication has them.',
    normal: 'As many as you run. 0 on a server that nobody follows.',
    action:
      'With fewer than usual, look at the log of the replica that is missing: it says why it does not connect.',
  },
  unit: 'short',
  queries: [
    query(
      // One series for each connection; in the other one those of one name and address are one.
      `count(pg_stat_replication_pg_current_wal_lsn_bytes${S}) or sum(pgmon_replica_info${S}) ${NONE}`,
      'connected',
      { everySeconds: 60 },
    ),
  ],
  alert: 'PostgreSQLReplicaDisconnected',
});

export const LARGEST_REPLICA_LAG = stat({
  id: 'largest-replica-lag',
  title: 'Largest Replica Lag (bytes)',
  text: {
    shows: 'WAL of this server that the replica furthest behind has yet to replay.',
    normal: 'Some kilobytes to a few megabytes under load; it comes back to 0 when writing pauses.',
    action:
      'If it only grows, see by stage below where the WAL waits: on the network, on the disk, or in replay.',
  },
  unit: 'bytes',
  queries: [
    query(
      `max(pgmon_replica_lag_bytes{instance=~"$instance", stage="replay"}) or max(pg_stat_replication_pg_wal_lsn_diff${S})`,
      'behind',
      {
        everySeconds: 60,
      },
    ),
  ],
  thresholds: highIsBad(256 * MIB, 1024 * MIB),
  emptyWhen: [NO_REPLICA_CONNECTED],
  alert: 'PostgreSQLReplicationLagBytes',
});

export const SLOTS_NOT_READ = stat({
  id: 'slots-not-read',
  title: 'Unread Slots (count)',
  text: {
    shows:
      'Replication slots without a reader. Each keeps WAL on the disk for a reader that is away. Those of a replica, which wait for a failover, do not count.',
    normal: '0.',
    action:
      'Bring the reader back, or drop the slot with pg_drop_replication_slot() when it is no longer needed.',
  },
  unit: 'short',
  queries: [
    query(
      `count(pg_replication_slots_active${S} == 0 unless on (instance) pg_replication_is_replica${S} == 1) ${NONE}`,
      'not read',
      { everySeconds: 60 },
    ),
  ],
  thresholds: anyIsBad('warning'),
  alert: 'PostgreSQLReplicationSlotInactive',
});

export const MOST_WAL_KEPT_BY_A_SLOT = stat({
  id: 'most-wal-kept-by-a-slot',
  title: 'WAL Kept by a Slot (bytes)',
  text: {
    shows:
      'WAL that cannot be removed because of the slot furthest behind. A slot that is already lost keeps none.',
    normal: 'Less than a gigabyte, and falling whenever the reader catches up.',
    action:
      'Find the slot in the table below. Set max_slot_wal_keep_size, so that a forgotten slot cannot fill the disk.',
  },
  unit: 'bytes',
  queries: [
    query(`max(pg_replication_slots_pg_wal_lsn_diff${S} >= 0) ${NONE}`, 'kept', { everySeconds: 60 }),
  ],
  thresholds: highIsBad(1024 * MIB, 5 * 1024 * MIB),
  alert: 'PostgreSQLReplicationSlotRetainingWAL',
});

export const REPLAY_LAG = stat({
  id: 'replay-lag',
  title: 'Replication Lag (s)',
  text: {
    shows:
      'Age of the last transaction that this replica replayed, while newer ones wait; 0 when all that it received is replayed. Without a connection to its primary it also says 0.',
    normal: 'Below a second or a few.',
    action: 'Look for long queries on the replica that hold replay up, for a paused replay, and at its disk.',
  },
  unit: 's',
  queries: [
    query(
      `max(pg_replication_lag_seconds${S} and on (instance) pg_replication_is_replica${S} == 1)`,
      'behind',
      { everySeconds: 60 },
    ),
  ],
  thresholds: LAG_SECONDS,
  emptyWhen: [NO_REPLICA_SELECTED],
  alert: 'PostgreSQLReplicationLag',
});

export const WAL_RECEIVER = stat({
  id: 'wal-receiver',
  title: 'WAL Receiver (state)',
  text: {
    shows:
      'Whether this replica is connected to its primary. One that is fed from an archive alone needs no connection.',
    normal: 'connected',
    action:
      'The log of the replica says why it cannot connect: the primary is down, refuses it, or has removed WAL that it needs.',
  },
  unit: 'none',
  words: { '-1': 'from archive', 0: 'not connected', 1: 'connected' },
  queries: [
    query(`max(pgmon_wal_receiver_up${S}) or max(pgmon_replay_paused${S}) * 0 - 1`, 'receiver', {
      everySeconds: 60,
    }),
  ],
  thresholds: {
    steps: [
      { from: null, level: 'ok' },
      { from: 0, level: 'critical' },
      { from: 1, level: 'ok' },
    ],
  },
  emptyWhen: [NO_REPLICA_SELECTED, NO_SQL_EXPORTER],
  alert: 'PostgreSQLReplicationBroken',
});

export const REPLAY_STATE = stat({
  id: 'replay-state',
  title: 'Replay (state)',
  text: {
    shows: 'Whether the replica applies the WAL that it receives, or somebody paused that.',
    normal: 'running',
    action: 'SELECT pg_wal_replay_resume(); on the replica, once you know why it was paused.',
  },
  unit: 'none',
  words: { 0: 'running', 1: 'paused' },
  queries: [query(`max(pgmon_replay_paused${S})`, 'replay', { everySeconds: 60 })],
  thresholds: anyIsBad('warning'),
  emptyWhen: [NO_REPLICA_SELECTED, NO_SQL_EXPORTER],
  alert: 'PostgreSQLReplayPaused',
});
