/** Single figures of a server: settings, archiving, autovacuum, pg_stat_statements, checksums, a paused replica. */
import { counter, defineQuery, gauge } from './define-query.ts';
import { KCACHE_EXTENSION_SQL } from './kcache.ts';
import type { SqlQuery } from './sql-query.ts';

/**
 * pg_stat_statements_info exists only where the extension does, in a schema of the user's choice, so that its name cannot
 * stand in a statement that must always parse: query_to_xml() takes it as text, and only where the library is loaded.
 */
const STATE_SQL = `
WITH statements AS (
  SELECT n.nspname AS schema,
    string_to_array(e.extversion, '.')::int[] >= ARRAY[1, 9] AND has_schema_privilege(n.oid, 'USAGE') AS has_info
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'pg_stat_statements'
    AND 'pg_stat_statements' = ANY (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ','))
)
SELECT
  (SELECT count(*) FROM pg_settings WHERE pending_restart) AS pgmon_settings_pending_restart,
  (current_setting('archive_mode') = 'always'
    OR current_setting('archive_mode') = 'on' AND NOT pg_is_in_recovery())::int AS pgmon_archive_enabled,
  (SELECT count(*) FROM statements) AS pgmon_statements_loaded,
  (SELECT substring(
      query_to_xml(format('SELECT dealloc FROM %I.pg_stat_statements_info', schema), false, true, '')::text
      FROM '<dealloc>([0-9]+)</dealloc>')::bigint
    FROM statements WHERE has_info) AS pgmon_statements_dealloc_total,
  (SELECT count(*) FROM (${KCACHE_EXTENSION_SQL}) AS kcache) AS pgmon_kcache_loaded,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker') AS pgmon_autovacuum_workers,
  current_setting('autovacuum_max_workers')::int AS pgmon_autovacuum_workers_max,
  extract(epoch FROM pg_conf_load_time()) AS pgmon_configuration_loaded_timestamp_seconds`;

export const SERVER_STATE_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'state',
    scope: 'server',
    sql: STATE_SQL,
    metrics: [
      gauge('pgmon_settings_pending_restart', 'Settings that were changed and wait for a restart.'),
      gauge('pgmon_archive_enabled', '1 = this server is set to archive its WAL.'),
      gauge(
        'pgmon_statements_loaded',
        '1 = pg_stat_statements is loaded, and created in the database that is connected to.',
      ),
      counter(
        'pgmon_statements_dealloc_total',
        'How often pg_stat_statements dropped the least used statements for lack of room.',
      ),
      gauge(
        'pgmon_kcache_loaded',
        '1 = pg_stat_kcache is loaded, and created in the database that is connected to, where the role may use it.',
      ),
      gauge('pgmon_autovacuum_workers', 'Autovacuum workers that run now.'),
      gauge('pgmon_autovacuum_workers_max', 'How many may run at once.'),
      gauge(
        'pgmon_configuration_loaded_timestamp_seconds',
        'When the server last read its configuration files, Unix time.',
      ),
    ],
  }),
  defineQuery({
    name: 'archive',
    scope: 'server',
    sql: `SELECT count(*) AS pgmon_wal_ready_segments FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'`,
    metrics: [gauge('pgmon_wal_ready_segments', 'WAL files that wait to be archived.')],
  }),
  defineQuery({
    name: 'checksums',
    scope: 'server',
    sql: `SELECT coalesce(datname, '(shared)') AS datname, checksum_failures AS pgmon_checksum_failures_total
FROM pg_stat_database`,
    labels: ['datname'],
    metrics: [
      counter('pgmon_checksum_failures_total', 'Pages whose checksum did not fit; absent without checksums.'),
    ],
  }),
  defineQuery({
    name: 'replay',
    scope: 'server',
    // A replica that is fed from an archive alone has no receiver and needs none.
    sql: `SELECT pg_is_wal_replay_paused()::int AS pgmon_replay_paused,
  CASE WHEN current_setting('primary_conninfo') <> '' THEN (SELECT count(*) FROM pg_stat_wal_receiver) END AS pgmon_wal_receiver_up`,
    metrics: [
      gauge('pgmon_replay_paused', '1 = somebody paused the replay of WAL on this replica.'),
      gauge(
        'pgmon_wal_receiver_up',
        '1 = this replica is connected to its primary; absent without primary_conninfo.',
      ),
    ],
    role: 'replica',
  }),
];
