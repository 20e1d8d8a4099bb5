/**
 * The healthy world: replication, WAL and checkpoints. The primary `app` feeds the replica `app-replica` through a slot,
 * subscribes to another server's data, archives its WAL and is checkpointed by time.
 */
import { JOBS } from '../../conventions.ts';
import type { SimulatedSeries } from './proof.ts';
import { counter, gauge } from './series.ts';

const PRIMARY = { job: JOBS.postgresqlSlow, instance: 'app' };
const PRIMARY_SQL = { job: JOBS.postgresqlSql, instance: 'app' };
/** Metrics of the exporter's older half carry this up to 0.19. */
const PRIMARY_OLD = { ...PRIMARY, server: 'app.example.com:5432' };
const OWN = { environment: 'demo', datacenter: 'local', cluster: 'main' };
const REPLICA = { instance: 'app-replica', ...OWN };
const REPLICA_FAST = { ...REPLICA, job: JOBS.postgresql };
const REPLICA_SLOW = { ...REPLICA, job: JOBS.postgresqlSlow };
const REPLICA_SQL = { ...REPLICA, job: JOBS.postgresqlSql };

const REPLICA_SIGHT: readonly SimulatedSeries[] = [
  ...[REPLICA_FAST, REPLICA_SLOW, REPLICA_SQL].flatMap((labels) => [
    gauge('up', labels, 1),
    gauge('scrape_duration_seconds', labels, 0.2),
  ]),
  gauge('pg_up', REPLICA_FAST, 1),
  gauge('pg_scrape_collector_success', { ...REPLICA_FAST, collector: 'stat_database' }, 1),
  gauge('pg_scrape_collector_success', { ...REPLICA_SLOW, collector: 'replication' }, 1),
  gauge('pgmon_sql_query_success', { ...REPLICA_SQL, query: 'replay', datname: 'postgres' }, 1),
];

const REPLICA_STATE: readonly SimulatedSeries[] = [
  gauge('pg_replication_is_replica', REPLICA_SLOW, 1),
  gauge('pg_replication_lag_seconds', REPLICA_SLOW, 0.023),
  gauge('pgmon_replay_paused', REPLICA_SQL, 0),
  gauge('pgmon_wal_receiver_up', REPLICA_SQL, 1),
  counter('pg_stat_database_conflicts', { ...REPLICA_FAST, datid: '16432', datname: 'app' }, 0.05),
  counter('pg_stat_database_conflicts', { ...REPLICA_FAST, datid: '4', datname: 'template0' }, 0),
  // An exporter fills in what a replica has none of.
  gauge(
    'pg_settings_max_slot_wal_keep_size_bytes',
    { ...REPLICA_SLOW, server: 'app-replica.example.com:5432' },
    -1,
  ),
];

/** Up to 0.19 the exporter calls the process id of the sender a slot. */
const SENDER = {
  ...PRIMARY_OLD,
  application_name: 'app-replica',
  client_addr: '10.0.0.2',
  slot_name: '74',
  state: 'streaming',
};
const SLOT = { slot_name: 'app_replica' };

const PRIMARY_STATE: readonly SimulatedSeries[] = [
  gauge('pg_replication_lag_seconds', PRIMARY, 0),
  counter('pg_stat_replication_pg_current_wal_lsn_bytes', SENDER, 60_000_000),
  gauge('pg_stat_replication_pg_wal_lsn_diff', SENDER, 26_136),
  // A base backup comes and goes, and replays nothing.
  gauge(
    'pg_stat_replication_pg_wal_lsn_diff',
    { ...SENDER, application_name: 'pg_basebackup', slot_name: '75', state: 'backup' },
    Number.NaN,
  ),
  gauge('pg_replication_slots_active', { ...PRIMARY_OLD, ...SLOT, database: '' }, 1),
  gauge('pg_replication_slots_pg_wal_lsn_diff', { ...PRIMARY_OLD, ...SLOT, database: '' }, 26_136),
  gauge(
    'pg_replication_slot_safe_wal_size_bytes',
    { ...PRIMARY, ...SLOT, slot_type: 'physical' },
    10_000_000_000,
  ),
  gauge(
    'pg_replication_slot_wal_status',
    { ...PRIMARY, ...SLOT, slot_type: 'physical', wal_status: 'reserved' },
    1,
  ),
  gauge('pg_settings_max_slot_wal_keep_size_bytes', PRIMARY_OLD, 10_737_418_240),
];

const SUBSCRIPTION = { ...PRIMARY_SQL, datname: 'app', subname: 'prices' };

const SUBSCRIPTIONS: readonly SimulatedSeries[] = [
  gauge('pgmon_subscription_enabled', SUBSCRIPTION, 1),
  gauge('pgmon_subscription_worker_up', SUBSCRIPTION, 1),
  { ...gauge('pgmon_subscription_lag_seconds', SUBSCRIPTION, 2), idle: 30 },
  counter('pgmon_subscription_errors_total', SUBSCRIPTION, 0),
];

const WAL: readonly SimulatedSeries[] = [
  gauge('pg_wal_size_bytes', PRIMARY, 900_000_000),
  gauge('pg_settings_max_wal_size_bytes', PRIMARY_OLD, 1_073_741_824),
  gauge('pg_settings_wal_keep_size_bytes', PRIMARY_OLD, 0),
  counter('pg_stat_archiver_archived_count', PRIMARY_OLD, 4),
  counter('pg_stat_archiver_failed_count', PRIMARY_OLD, 0),
  gauge('pgmon_wal_ready_segments', PRIMARY_SQL, 1),
];

/** One a quarter of an hour more than by time: a base backup asks for one. */
const CHECKPOINTS: readonly SimulatedSeries[] = [
  counter('pg_stat_checkpointer_num_timed_total', PRIMARY, 0.2),
  counter('pg_stat_checkpointer_num_requested_total', PRIMARY, 0.05),
];

export const REPLICATION_WORLD: readonly SimulatedSeries[] = [
  ...REPLICA_SIGHT,
  ...REPLICA_STATE,
  ...PRIMARY_STATE,
  ...SUBSCRIPTIONS,
  ...WAL,
  ...CHECKPOINTS,
];
