/** Write-ahead log and its archiving. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const ARCHIVER_SQL =
  "SELECT archived_count, last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time FROM pg_stat_archiver; SELECT name, setting FROM pg_settings WHERE name IN ('archive_mode', 'archive_command', 'archive_timeout'); SELECT count(*) AS waiting FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready';";

export const WAL_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLArchivingFailing',
    scope: 'server',
    // The archiver tries again about once a minute; a failure that a success follows is no news.
    expr:
      'max by (instance) (increase(pg_stat_archiver_failed_count[5m])) > 0' +
      ' unless on (instance) max by (instance) (increase(pg_stat_archiver_archived_count[5m])) > 0',
    for: '5m',
    severity: 'critical',
    summary: 'WAL archiving fails on {{ $labels.instance }}',
    description:
      'On {{ $labels.instance }} archive_command failed {{ $value | humanize }} times in 5 minutes and never succeeded. The archive has a gap from now on: no recovery to a later point in time. WAL piles up until the disk is full.',
    sql: ARCHIVER_SQL,
  }),
  defineAlert({
    name: 'PostgreSQLArchiveBacklog',
    scope: 'server',
    expr: 'max by (instance) (pgmon_wal_ready_segments) > <limit>',
    threshold: { value: 100, unit: 'count' },
    for: '15m',
    severity: 'warning',
    needs: ['sql-exporter'],
    summary: '{{ $value }} WAL segments of {{ $labels.instance }} wait for the archive',
    description:
      '{{ $value }} finished WAL segments of {{ $labels.instance }} have not been archived (limit <limit>). The archive is slower than the server writes, or it fails: see PostgreSQLArchivingFailing. Each waiting segment (16 MiB by default) stays on the disk and is missing in a recovery.',
    sql: ARCHIVER_SQL,
  }),
  defineAlert({
    name: 'PostgreSQLWALDirectoryLarge',
    scope: 'server',
    // What wal_keep_size asks for is no surprise.
    expr:
      'max by (instance) (pg_wal_size_bytes)' +
      ' / (max by (instance) (pg_settings_max_wal_size_bytes) + max by (instance) (pg_settings_wal_keep_size_bytes)) > <limit>',
    threshold: { value: 2, unit: 'factor' },
    for: '15m',
    keepFiringFor: '10m',
    severity: 'warning',
    summary: 'pg_wal of {{ $labels.instance }} is {{ $value | humanize }} times as large as planned',
    description:
      'The WAL directory of {{ $labels.instance }} holds {{ $value | humanize }} times what max_wal_size and wal_keep_size allow for (limit <limit>). A replication slot or failing archiving keeps it, or checkpoints cannot keep up.',
    sql: `SELECT count(*) AS segments, pg_size_pretty(sum(size)) AS size, min(modification) AS oldest FROM pg_ls_waldir(); SELECT slot_name, active, restart_lsn FROM pg_replication_slots ORDER BY restart_lsn; SELECT name, setting, unit FROM pg_settings WHERE name IN ('max_wal_size', 'wal_keep_size', 'max_slot_wal_keep_size'); ${ARCHIVER_SQL}`,
  }),
];
