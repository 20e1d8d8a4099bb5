/** Checksums, indexes, sequences and settings. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const SEQUENCES =
  'SELECT schemaname, sequencename, data_type, last_value, max_value, round(100.0 * last_value / max_value, 1) AS used_percent FROM pg_sequences WHERE increment_by > 0 ORDER BY used_percent DESC NULLS LAST LIMIT 20;';
const SEQUENCE_USED = 'max by (instance, datname, schemaname, sequencename) (pgmon_sequence_used_ratio)';

/** Settings without which data or visibility is at risk when they have this value. */
const DANGEROUS = [
  ['fsync', 0],
  ['full_page_writes', 0],
  ['autovacuum', 0],
  ['track_counts', 0],
  ['zero_damaged_pages', 1],
  ['ignore_checksum_failure', 1],
] as const;

const dangerousSetting = ([name, value]: (typeof DANGEROUS)[number]) =>
  `label_replace(max by (instance) (pg_settings_${name} == ${value}), "setting", "${name}", "", "")`;

export const INTEGRITY_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLChecksumFailures',
    scope: 'server',
    expr: 'max by (instance, datname) (pgmon_checksum_failures_total) > 0',
    severity: 'critical',
    needs: ['sql-exporter'],
    silentWhen: 'data checksums are off',
    summary: 'Damaged pages in {{ $labels.datname }} on {{ $labels.instance }}',
    description:
      'PostgreSQL read {{ $value }} pages of {{ $labels.datname }} on {{ $labels.instance }} whose checksum is wrong: the storage changed or lost data. Keep the files as they are, check disk and backups, and plan a restore or a switch to a replica. The alert stays until the statistics of the database are reset.',
    sql: 'SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database WHERE checksum_failures > 0;',
  }),
  defineAlert({
    name: 'PostgreSQLSequenceNearEnd',
    scope: 'server',
    expr: `${SEQUENCE_USED} > <limit>`,
    threshold: { value: 75, unit: 'percent' },
    for: '15m',
    severity: 'warning',
    needs: ['sql-exporter'],
    silentWhen: 'there are no sequences',
    summary:
      'Sequence {{ $labels.schemaname }}.{{ $labels.sequencename }} on {{ $labels.instance }} is {{ $value | humanizePercentage }} used',
    description:
      'The sequence {{ $labels.schemaname }}.{{ $labels.sequencename }} in {{ $labels.datname }} on {{ $labels.instance }} has given out {{ $value | humanizePercentage }} of its numbers (limit <limit>). At the end inserts fail; changing the column to bigint takes time, so start now.',
    sql: SEQUENCES,
  }),
  defineAlert({
    name: 'PostgreSQLSequenceExhausted',
    scope: 'server',
    expr: `${SEQUENCE_USED} > <limit>`,
    threshold: { value: 95, unit: 'percent' },
    for: '5m',
    severity: 'critical',
    needs: ['sql-exporter'],
    silentWhen: 'there are no sequences',
    summary:
      'Sequence {{ $labels.schemaname }}.{{ $labels.sequencename }} on {{ $labels.instance }} is nearly used up ({{ $value | humanizePercentage }})',
    description:
      'The sequence {{ $labels.schemaname }}.{{ $labels.sequencename }} in {{ $labels.datname }} on {{ $labels.instance }} has given out {{ $value | humanizePercentage }} of its numbers (limit <limit>). Inserts are about to fail.',
    sql: SEQUENCES,
  }),
  defineAlert({
    name: 'PostgreSQLInvalidIndex',
    scope: 'server',
    expr: 'max by (instance, datname, schemaname, relname, indexrelname) (pgmon_index_invalid) > 0',
    for: '1h',
    severity: 'warning',
    needs: ['sql-exporter'],
    silentWhen: 'no index is invalid',
    summary: 'Index {{ $labels.indexrelname }} on {{ $labels.instance }} is invalid',
    description:
      'The index {{ $labels.schemaname }}.{{ $labels.indexrelname }} of the table {{ $labels.relname }} in {{ $labels.datname }} on {{ $labels.instance }} has been invalid for an hour: a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed. Queries do not use it, writes still pay for it. Drop or rebuild it.',
    sql: 'SELECT i.indexrelid::regclass AS index, i.indrelid::regclass AS on_table, i.indisready, i.indislive FROM pg_index i WHERE NOT i.indisvalid; SELECT pid, datname, relid::regclass AS on_table, command, phase FROM pg_stat_progress_create_index;',
  }),
  defineAlert({
    name: 'PostgreSQLInvalidDatabase',
    scope: 'server',
    expr: 'max by (instance, datname) (pg_database_connection_limit == -2)',
    for: '15m',
    severity: 'warning',
    summary: 'Database {{ $labels.datname }} on {{ $labels.instance }} is the rest of a broken DROP DATABASE',
    description:
      'A DROP DATABASE {{ $labels.datname }} on {{ $labels.instance }} was interrupted. Nobody can connect to what is left, it takes disk space, and autovacuum cannot keep its transaction ids from ageing. Drop it again.',
    sql: 'SELECT datname, datconnlimit, age(datfrozenxid) AS xid_age, pg_size_pretty(pg_database_size(oid)) AS size FROM pg_database WHERE datconnlimit = -2;',
  }),
  defineAlert({
    name: 'PostgreSQLPendingRestart',
    scope: 'server',
    expr: 'max by (instance) (pgmon_settings_pending_restart) > 0',
    for: '1h',
    severity: 'warning',
    needs: ['sql-exporter'],
    summary: '{{ $value }} settings of {{ $labels.instance }} wait for a restart',
    description:
      '{{ $value }} settings of {{ $labels.instance }} were changed an hour ago or earlier and take effect only after a restart. The next unplanned restart will change how the server behaves.',
    sql: 'SELECT name, setting, unit, sourcefile FROM pg_settings WHERE pending_restart ORDER BY name;',
  }),
  defineAlert({
    name: 'PostgreSQLDangerousSettings',
    scope: 'server',
    expr: DANGEROUS.map(dangerousSetting).join(' or '),
    for: '5m',
    severity: 'warning',
    summary: 'Setting {{ $labels.setting }} of {{ $labels.instance }} is dangerous',
    description:
      'On {{ $labels.instance }} the setting {{ $labels.setting }} is {{ if eq $value 0.0 }}off{{ else }}on{{ end }}: data can be lost or damaged without notice, or tables grow until transaction ids run out.',
    sql: "SELECT name, setting, source, sourcefile, sourceline FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'autovacuum', 'track_counts', 'zero_damaged_pages', 'ignore_checksum_failure');",
  }),
];
