/** What postgres_exporter gives, by collector. Names that may be absent are spelled out: a slip of the pen must not pass for "no replica". */
import { JOBS } from '../../conventions.ts';
import { defineSource, type MetricSource } from './metric-source.ts';

const fast = (names: string, more: Partial<Omit<MetricSource, 'names'>> = {}) =>
  defineSource({ names, job: JOBS.postgresql, ...more });
const slow = (names: string, collector: string, more: Partial<Omit<MetricSource, 'names'>> = {}) =>
  defineSource({ names, job: JOBS.postgresqlSlow, collector, ...more });

const SLOT = 'no replication slot';
const UNLIMITED_SLOT = 'no replication slot, or max_slot_wal_keep_size is -1';
const REPLICA = 'no replica is connected';
const RECEIVER = 'not a replica, or its WAL receiver is not connected';
const STATEMENTS = 'pg_stat_statements is not loaded, or nothing ran';
const NO_TABLES = 'the connected database has no tables';

const SLOT_FIGURES = 'slot_is_active|slot_current_wal_lsn|slot_confirmed_flush_lsn|wal_status';
const OLD_CHECKPOINTS =
  'checkpoints_(req|timed)|checkpoint_(sync|write)_time|buffers_(backend|backend_fsync|checkpoint)';
const SETTINGS_SINCE: readonly (readonly [name: string, version: number])[] = [
  ['pg_settings_max_slot_wal_keep_size_bytes', 13],
  ['pg_settings_wal_keep_size_bytes', 13],
  ['pg_settings_reserved_connections', 16],
];

/** The first one that matches counts. */
export const POSTGRES_EXPORTER_METRICS: readonly MetricSource[] = [
  fast('pg_up|pg_exporter_(last_scrape_duration_seconds|scrapes_total)'),
  // From both jobs; that of the slow one tells of its metrics that have no collector.
  defineSource({ names: 'pg_exporter_last_scrape_error', job: JOBS.postgresqlSlow }),
  fast('pg_stat_database_active_time_seconds_total', { collector: 'stat_database', minVersion: 14 }),
  defineSource({
    names: 'pg_stat_database_conflicts_confl_active_logicalslot',
    job: JOBS.postgresqlSlow,
    minVersion: 16,
  }),
  defineSource({
    names: 'pg_stat_database_conflicts_confl_\\w+|pg_static',
    job: JOBS.postgresqlSlow,
  }),
  fast(
    'pg_stat_database_(blk_(read|write)_time|blks_(hit|read)|conflicts|deadlocks|numbackends|stats_reset|temp_(bytes|files)|tup_(deleted|fetched|inserted|returned|updated)|xact_(commit|rollback))',
    { collector: 'stat_database' },
  ),
  slow('pg_database_(connection_limit|size_bytes)', 'database'),
  slow('pg_database_wraparound_age_dat(frozenxid|minmxid)_seconds', 'database_wraparound'),
  slow('pg_locks_count', 'locks'),
  slow('pg_postmaster_start_time_seconds', 'postmaster'),
  slow('pg_replication_(is_replica|lag_seconds|last_replay_seconds)', 'replication'),
  slow(`pg_replication_slot_(${SLOT_FIGURES})`, 'replication_slots', {
    isSince020: false,
    absentWhen: SLOT,
  }),
  slow('pg_replication_slot_safe_wal_size_bytes', 'replication_slots', {
    isSince020: false,
    absentWhen: UNLIMITED_SLOT,
  }),
  slow(`pg_replication_slots_(${SLOT_FIGURES})`, 'replication_slots', { isSince020: true, absentWhen: SLOT }),
  slow('pg_replication_slots_safe_wal_size_bytes', 'replication_slots', {
    isSince020: true,
    absentWhen: UNLIMITED_SLOT,
  }),
  // Before 0.20 these came with the metrics that no collector switch reaches.
  defineSource({
    names: 'pg_replication_slots_(active|pg_wal_lsn_diff)',
    job: JOBS.postgresqlSlow,
    isSince020: false,
    absentWhen: SLOT,
  }),
  slow('pg_replication_slots_(active|pg_wal_lsn_diff)', 'replication_slots', {
    isSince020: true,
    absentWhen: SLOT,
  }),
  slow('pg_roles_connection_limit', 'roles'),
  ...SETTINGS_SINCE.map(([name, minVersion]) => slow(name, 'settings', { minVersion })),
  slow('pg_settings_\\w+', 'settings'),
  slow('pg_stat_activity_autovacuum_timestamp_seconds', 'stat_activity_autovacuum', {
    absentWhen: 'no autovacuum worker runs',
  }),
  slow('pg_stat_activity_(count|max_tx_duration)', 'stat_activity', {
    unmatchedWhen: 'no session is like that just now',
  }),
  slow('pg_stat_archiver_(archived_count|failed_count|last_archive_age)', 'stat_archiver'),
  slow(`pg_stat_bgwriter_(${OLD_CHECKPOINTS})_total`, 'stat_bgwriter', { maxVersion: 16 }),
  slow('pg_stat_bgwriter_(buffers_alloc|buffers_clean|maxwritten_clean|stats_reset)_total', 'stat_bgwriter'),
  slow(
    'pg_stat_checkpointer_(buffers_written|num_requested|num_timed|restartpoints_(done|req|timed)|stats_reset|sync_time|write_time)_total',
    'stat_checkpointer',
    { minVersion: 17 },
  ),
  slow('pg_stat_replication_(pg_current_wal_lsn_bytes|pg_wal_lsn_diff|reply_time)', 'stat_replication', {
    absentWhen: REPLICA,
  }),
  slow(
    'pg_stat_statements_(block_(read|write)_seconds_total|calls_total|rows_total|seconds_total)',
    'stat_statements',
    { absentWhen: STATEMENTS },
  ),
  slow(
    'pg_stat_wal_receiver_(flushed_lsn|last_msg_(receipt|send)_time|latest_end_(lsn|time)|receive_start_(lsn|tli)|received_tli)',
    'stat_wal_receiver',
    { absentWhen: RECEIVER },
  ),
  slow('pg_wal_(segments|size_bytes)', 'wal'),
  slow('pg_long_running_transactions(_oldest_timestamp_seconds)?', 'long_running_transactions'),
  slow('pg_stat_user_tables_\\w+', 'stat_user_tables', { absentWhen: NO_TABLES }),
  slow('pg_statio_user_tables_\\w+', 'statio_user_tables', { absentWhen: NO_TABLES }),
  slow('pg_statio_user_indexes_idx_blks_(hit|read)_total', 'statio_user_indexes', { absentWhen: NO_TABLES }),
  defineSource({ names: 'pg_scrape_collector_(success|duration_seconds)', job: null }),
];
