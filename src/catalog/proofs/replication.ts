/** Proofs of the alerts in `alerts/replication.ts`, `alerts/slots.ts` and `alerts/subscriptions.ts`. */
import type { Proof } from './proof.ts';

const APP = { instance: 'app' };
const REPLICA = { instance: 'app-replica' };
const SLOT = { ...APP, slot_name: 'app_replica' };
const SUBSCRIPTION = { ...APP, subname: 'prices' };
const SUBSCRIPTION_LABELS = { datname: 'app', subname: 'prices' };

export const REPLICATION_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLReplicationLag: {
    fault: [{ metric: 'pg_replication_lag_seconds', labels: REPLICA, value: 300 }],
    labels: {},
    summary: 'Replica app-replica is 5m 0s behind',
    description:
      'The last transaction that app-replica replayed is 5m 0s old while newer ones wait (limit 1 min). Readers see old data, and a failover to it would take that long. Replay is slow, paused, or held up by a query or a lock on the replica.',
  },
  PostgreSQLReplicationLagBytes: {
    fault: [
      {
        metric: 'pg_stat_replication_pg_wal_lsn_diff',
        labels: { ...APP, application_name: 'app-replica' },
        value: 2_147_483_648,
      },
    ],
    labels: { application_name: 'app-replica', client_addr: '10.0.0.2' },
    summary: 'Replica app-replica of app is 2GiB behind',
    description:
      'app-replica (10.0.0.2) has yet to replay 2GiB of the WAL of app (limit 1 GiB). If the network or the replica cannot keep up, that WAL is kept on the primary or the replica is lost.',
  },
  PostgreSQLReplicationBroken: {
    fault: [
      { metric: 'pgmon_wal_receiver_up', labels: REPLICA, value: 0 },
      // What the exporter says of a replica that is cut off.
      { metric: 'pg_replication_lag_seconds', labels: REPLICA, value: 0 },
    ],
    labels: {},
    summary: 'Replica app-replica receives nothing from its primary',
    description:
      'app-replica is a replica without a running WAL receiver: it falls behind, and its own lag figure stays at 0. The primary is down or refuses it, the network is cut, or WAL that it needs is gone. Its log says which.',
  },
  PostgreSQLReplicaDisconnected: {
    fault: [
      {
        metric: 'pg_stat_replication_pg_current_wal_lsn_bytes',
        labels: { ...APP, application_name: 'app-replica' },
        value: null,
      },
    ],
    labels: { application_name: 'app-replica' },
    summary: 'Replica app-replica is no longer connected to app',
    description:
      'For most of the last hour 1 connection(s) named app-replica streamed from app; now there are fewer. Redundancy is reduced, and a slot of that replica keeps WAL. This alert ends by itself an hour after the loss, so a replica that was removed on purpose needs nothing.',
  },
  PostgreSQLReplayPaused: {
    fault: [{ metric: 'pgmon_replay_paused', labels: REPLICA, value: 1 }],
    labels: {},
    summary: 'Replay is paused on replica app-replica',
    description:
      'Somebody called pg_wal_replay_pause() on app-replica, or a setting that must not be smaller than on the primary stopped replay, more than 10 minutes ago. It receives WAL and does not apply it: readers see old data and its disk fills.',
  },
  PostgreSQLStandbyConflicts: {
    fault: [{ metric: 'pg_stat_database_conflicts', labels: { ...REPLICA, datname: 'app' }, value: 4 }],
    delay: '2m30s',
    recovery: '15m',
    labels: { datname: 'app' },
    summary: 'Replica app-replica cancels queries in app',
    description:
      'In 15 minutes app-replica cancelled 11.8 queries in app because they stood in the way of replay (limit 10). Shorten the queries, raise max_standby_streaming_delay, or turn on hot_standby_feedback and accept dead rows on the primary.',
  },
  PostgreSQLReplicationSlotInactive: {
    fault: [{ metric: 'pg_replication_slots_active', labels: SLOT, value: 0 }],
    labels: { slot_name: 'app_replica' },
    summary: 'Nobody reads replication slot app_replica of app',
    description:
      'The slot app_replica on app has had no reader for 10 minutes. It keeps WAL, and a logical one also dead rows of the catalogue, until its reader is back or it is dropped: the disk fills.',
  },
  PostgreSQLReplicationSlotRetainingWAL: {
    fault: [{ metric: 'pg_replication_slots_pg_wal_lsn_diff', labels: SLOT, value: 8_589_934_592 }],
    labels: { slot_name: 'app_replica' },
    summary: 'Replication slot app_replica of app keeps 8GiB of WAL',
    description:
      'Because of the slot app_replica, app cannot remove 8GiB of WAL (limit 5 GiB). Its reader is gone or too slow. Without max_slot_wal_keep_size this goes on until the disk is full and the server stops.',
  },
  PostgreSQLReplicationSlotAtRisk: {
    // Lost: the safe size is no longer there, and what is retained is not a number.
    fault: [
      { metric: 'pg_replication_slot_safe_wal_size_bytes', labels: SLOT, value: null },
      { metric: 'pg_replication_slot_wal_status', labels: { ...SLOT, wal_status: 'lost' }, value: 1 },
      { metric: 'pg_replication_slot_wal_status', labels: { ...SLOT, wal_status: 'reserved' }, value: null },
      { metric: 'pg_replication_slots_pg_wal_lsn_diff', labels: SLOT, value: Number.NaN },
    ],
    extra: [
      {
        metric: 'pg_replication_slot_wal_status',
        labels: { ...SLOT, job: 'postgresql-slow', slot_type: 'physical', wal_status: 'lost' },
        kind: 'gauge',
        value: null,
      },
    ],
    labels: { slot_name: 'app_replica' },
    summary: 'Replication slot app_replica of app is about to be lost or is lost',
    description:
      'The slot app_replica on app may keep 0% more of max_slot_wal_keep_size before the server gives it up (limit 20 %; 0 % or less: WAL that it needs is being removed or gone). After that its replica must be built anew and a subscriber copied again.',
  },
  PostgreSQLSubscriptionDown: {
    fault: [{ metric: 'pgmon_subscription_worker_up', labels: SUBSCRIPTION, value: 0 }],
    labels: SUBSCRIPTION_LABELS,
    summary: 'Subscription prices on app has no worker',
    description:
      'The subscription prices in app on app is enabled, but no worker has applied changes for 5 minutes. Its data grow old, and its slot keeps WAL on the publisher. The log of the subscriber has the error.',
  },
  PostgreSQLSubscriptionDisabled: {
    fault: [
      { metric: 'pgmon_subscription_enabled', labels: SUBSCRIPTION, value: 0 },
      { metric: 'pgmon_subscription_worker_up', labels: SUBSCRIPTION, value: 0 },
    ],
    labels: SUBSCRIPTION_LABELS,
    summary: 'Subscription prices on app is disabled',
    description:
      'The subscription prices in app on app has been disabled for 15 minutes, by a person or, with disable_on_error, by an error. Its slot keeps WAL on the publisher meanwhile.',
  },
  PostgreSQLSubscriptionErrors: {
    fault: [{ metric: 'pgmon_subscription_errors_total', labels: SUBSCRIPTION, value: 12 }],
    delay: '15s',
    recovery: '15m',
    labels: SUBSCRIPTION_LABELS,
    summary: 'Subscription prices on app keeps failing',
    description:
      'Applying or copying data failed 6 times in 15 minutes for the subscription prices in app on app (limit 3): most often a row that breaks a constraint, a missing table or a missing right. Nothing moves until that is solved; the log names the row.',
  },
  PostgreSQLSubscriptionLag: {
    fault: [{ metric: 'pgmon_subscription_lag_seconds', labels: SUBSCRIPTION, value: 900 }],
    labels: SUBSCRIPTION_LABELS,
    summary: 'Subscription prices on app is 15m 0s behind',
    description:
      'The subscription prices in app on app last told its publisher about progress 15m 0s ago (limit 5 min). A large transaction, a slow table without a primary key or a lock holds it up.',
  },
};
