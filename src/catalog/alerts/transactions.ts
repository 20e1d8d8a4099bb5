/** Transactions, cache, temporary files and statements. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const DATABASE = 'instance_datname:pg_stat_database';
const BIGGEST_READERS =
  'SELECT relid::regclass AS relation, heap_blks_read + coalesce(idx_blks_read, 0) AS blocks_read, heap_blks_hit + coalesce(idx_blks_hit, 0) AS blocks_hit FROM pg_statio_user_tables ORDER BY 2 DESC LIMIT 20;';

export const TRANSACTIONS_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLHighRollbackRate',
    scope: 'server',
    // A database with hardly any transactions says nothing.
    expr:
      `${DATABASE}_xact_rollback:ratio_rate5m > <limit> ` +
      `and on (instance, datname) ${DATABASE}_xact_commit:rate5m + ${DATABASE}_xact_rollback:rate5m > 1`,
    threshold: { value: 10, unit: 'percent' },
    for: '10m',
    keepFiringFor: '5m',
    severity: 'warning',
    silentWhen: 'the databases do nothing',
    summary:
      '{{ $value | humanizePercentage }} of the transactions in {{ $labels.datname }} on {{ $labels.instance }} are rolled back',
    description:
      'In the database {{ $labels.datname }} on {{ $labels.instance }} {{ $value | humanizePercentage }} of the transactions of the last 5 minutes were rolled back (limit <limit>): statements fail, or the application gives up. The server log has the errors.',
    sql: 'SELECT datname, xact_commit, xact_rollback, round(100.0 * xact_rollback / nullif(xact_commit + xact_rollback, 0), 1) AS rollback_percent, deadlocks, conflicts FROM pg_stat_database WHERE datname IS NOT NULL ORDER BY xact_rollback DESC;',
  }),
  defineAlert({
    name: 'PostgreSQLLowCacheHitRatio',
    scope: 'server',
    // Below a hundred blocks (0.8 MB) per second it does not matter where they come from.
    expr:
      `${DATABASE}_blks_hit:ratio_rate5m < <limit> ` +
      `and on (instance, datname) ${DATABASE}_blks_read:rate5m > 100`,
    threshold: { value: 95, unit: 'percent' },
    for: '10m',
    keepFiringFor: '5m',
    severity: 'warning',
    silentWhen: 'the databases read nothing',
    summary:
      'Cache hit ratio of {{ $labels.datname }} on {{ $labels.instance }} is {{ $value | humanizePercentage }}',
    description:
      'Shared buffers answer only {{ $value | humanizePercentage }} of the block reads in {{ $labels.datname }} on {{ $labels.instance }} (limit <limit>); the rest goes to the operating system. After a restart this is normal; otherwise a query reads much more than before, or shared_buffers is too small.',
    sql: BIGGEST_READERS,
  }),
  defineAlert({
    name: 'PostgreSQLCacheHitDegradation',
    scope: 'server',
    // Only when the week before was seen in full: its first day has a mean of its own.
    expr:
      'instance:pg_stat_database_blks_hit:ratio_avg7d offset 7d - instance:pg_stat_database_blks_hit:ratio_avg7d > <limit> ' +
      'and on (instance) instance:pg_stat_database_blks_hit:ratio_avg7d offset 13d',
    threshold: { value: 5, unit: 'percent' },
    for: '1h',
    severity: 'warning',
    silentWhen: 'less than two weeks are recorded, or the server reads little',
    summary: 'Cache hit ratio of {{ $labels.instance }} fell by {{ $value | humanizePercentage }} in a week',
    description:
      'The mean cache hit ratio of {{ $labels.instance }} over the last seven days is {{ $value | humanizePercentage }} below that of the seven days before (limit <limit>). The working set outgrows the memory, or a query reads more than it did.',
    sql: BIGGEST_READERS,
  }),
  defineAlert({
    name: 'PostgreSQLFrequentDeadlocks',
    scope: 'server',
    // Over when they have stopped, not an hour later.
    expr:
      `${DATABASE}_deadlocks:increase1h > <limit> ` +
      'and on (instance, datname) increase(pg_stat_database_deadlocks[10m]) > 0',
    threshold: { value: 5, unit: 'count' },
    severity: 'warning',
    summary:
      '{{ printf "%.0f" $value }} deadlocks in an hour in {{ $labels.datname }} on {{ $labels.instance }}',
    description:
      'PostgreSQL ended {{ printf "%.0f" $value }} transactions in {{ $labels.datname }} on {{ $labels.instance }} in the last hour because they waited for each other (limit <limit>). The server log has both statements of each deadlock; take rows in the same order everywhere.',
    sql: 'SELECT datname, deadlocks, stats_reset FROM pg_stat_database WHERE deadlocks > 0 ORDER BY deadlocks DESC;',
  }),
  defineAlert({
    name: 'PostgreSQLTempFiles',
    scope: 'server',
    expr: `${DATABASE}_temp_bytes:rate5m > <limit>`,
    threshold: { value: 10_485_760, unit: 'bytes' },
    for: '10m',
    keepFiringFor: '5m',
    severity: 'warning',
    summary:
      'Queries in {{ $labels.datname }} on {{ $labels.instance }} write {{ $value | humanize1024 }}B/s of temporary files',
    description:
      'Sorts and hashes in {{ $labels.datname }} on {{ $labels.instance }} do not fit into work_mem and write {{ $value | humanize1024 }}B per second to temporary files (limit <limit> per second). They are slow and can fill the disk.',
    sql: "SELECT datname, temp_files, pg_size_pretty(temp_bytes) AS temp_bytes, stats_reset FROM pg_stat_database WHERE temp_files > 0 ORDER BY temp_files DESC; SELECT name, setting, unit FROM pg_settings WHERE name IN ('work_mem', 'hash_mem_multiplier', 'temp_file_limit', 'log_temp_files');",
  }),
  defineAlert({
    name: 'PostgreSQLStatementsEvicted',
    scope: 'server',
    expr: 'max by (instance) (increase(pgmon_statements_dealloc_total[1h])) > <limit>',
    threshold: { value: 12, unit: 'count' },
    for: '1h',
    severity: 'info',
    versions: { min: 14, max: null },
    needs: ['sql-exporter'],
    silentWhen: 'pg_stat_statements is not loaded',
    summary: 'pg_stat_statements of {{ $labels.instance }} is too small',
    description:
      'pg_stat_statements on {{ $labels.instance }} threw out its least used statements {{ printf "%.0f" $value }} times in the last hour (limit <limit>): figures per statement and for latency objectives lose data. Raise pg_stat_statements.max, or find the client that writes values into its SQL.',
    sql: "SELECT name, setting FROM pg_settings WHERE name LIKE 'pg_stat_statements.%';",
  }),
  defineAlert({
    name: 'PostgreSQLStatementsNotLoaded',
    scope: 'server',
    expr: 'max by (instance) (pgmon_statements_loaded) == 0',
    for: '1h',
    severity: 'info',
    needs: ['sql-exporter'],
    summary: 'pg_stat_statements is not in use on {{ $labels.instance }}',
    description:
      'Without pg_stat_statements on {{ $labels.instance }} there are no figures per statement and no query latency. Add it to shared_preload_libraries, restart, and create the extension in the database that the monitoring role connects to.',
    sql: "SELECT current_setting('shared_preload_libraries') AS preloaded; SELECT name, default_version, installed_version FROM pg_available_extensions WHERE name = 'pg_stat_statements';",
  }),
];
