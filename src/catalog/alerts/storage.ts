/** Sizes of databases. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const SIZE = 'max by (instance, datname) (pg_database_size_bytes)';
const SIZE_YESTERDAY = 'max by (instance, datname) (pg_database_size_bytes offset 24h)';

export const STORAGE_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLDatabaseSizeGrowing',
    scope: 'server',
    // A database without a size of yesterday is new when others of the server have one.
    expr: `(${SIZE} - ${SIZE_YESTERDAY} or ${SIZE} and on (instance) ${SIZE_YESTERDAY}) > <limit>`,
    threshold: { value: 10_737_418_240, unit: 'bytes' },
    for: '1h',
    keepFiringFor: '15m',
    severity: 'warning',
    silentWhen: 'less than a day is recorded',
    summary:
      'Database {{ $labels.datname }} on {{ $labels.instance }} grew by {{ $value | humanize1024 }}B in 24 hours',
    description:
      'The database {{ $labels.datname }} on {{ $labels.instance }} is {{ $value | humanize1024 }}B larger than 24 hours ago (limit <limit>). Check that the disk lasts: a bulk load, an index build, bloat, or a table that nobody cleans up.',
    sql: 'SELECT relid::regclass AS relation, pg_size_pretty(pg_total_relation_size(relid)) AS total, pg_size_pretty(pg_relation_size(relid)) AS heap, n_live_tup, n_dead_tup FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 20; SELECT datname, pg_size_pretty(pg_database_size(oid)) AS size FROM pg_database WHERE datallowconn ORDER BY pg_database_size(oid) DESC;',
  }),
];
