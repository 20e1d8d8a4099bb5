/** Vacuum, dead rows and wraparound. */
import { type AlertDefinition, defineAlert } from './alert.ts';
import { WRAPAROUND_ALERTS } from './wraparound.ts';

const TABLES_SQL =
  "SELECT schemaname, relname, n_live_tup, n_dead_tup, n_mod_since_analyze, last_vacuum, last_autovacuum, last_analyze, last_autoanalyze FROM pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 20; SELECT c.oid::regclass AS relation, c.reloptions FROM pg_class AS c WHERE array_to_string(c.reloptions, ' ') LIKE '%autovacuum%';";
const HOLDERS_SQL =
  'SELECT pid, usename, datname, state, age(backend_xmin) AS xmin_age, now() - xact_start AS in_transaction FROM pg_stat_activity WHERE backend_xmin IS NOT NULL ORDER BY age(backend_xmin) DESC LIMIT 10; SELECT gid, database, prepared, age(transaction) AS xmin_age FROM pg_prepared_xacts ORDER BY prepared; SELECT slot_name, active, age(xmin) AS xmin_age, age(catalog_xmin) AS catalog_xmin_age FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL;';
const WORKERS_SQL =
  "SELECT pid, datname, relid, phase, heap_blks_total, heap_blks_scanned, index_vacuum_count FROM pg_stat_progress_vacuum; SELECT pid, datname, now() - xact_start AS running, wait_event_type, wait_event, query FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' ORDER BY xact_start; SELECT name, setting, unit FROM pg_settings WHERE name LIKE 'autovacuum%' ORDER BY name;";

const TABLE = '{{ $labels.schemaname }}.{{ $labels.relname }}';
const PLACE = `${TABLE} in {{ $labels.datname }} on {{ $labels.instance }}`;
const SHARED = { scope: 'server', severity: 'warning', needs: ['sql-exporter'] } as const;

export const VACUUM_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLHighTableBloat',
    expr: 'table:pgmon_table_dead_tuples:ratio > <limit>',
    threshold: { value: 20, unit: 'percent' },
    for: '30m',
    silentWhen: 'no table has more than 10,000 dead rows',
    summary: `{{ $value | humanizePercentage }} of the rows of ${PLACE} are dead`,
    description: `Of the rows of ${PLACE}, {{ $value | humanizePercentage }} are dead and not yet removed (limit <limit>). Scans read them all the same and the table grows. Vacuum does not come, does not get through, or may not remove them because an old transaction, a prepared one or a slot might still see them.`,
    sql: `${TABLES_SQL} ${HOLDERS_SQL}`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLTableBloatEstimate',
    expr: 'table:pgmon_table_bloat:ratio > <limit>',
    threshold: { value: 50, unit: 'percent' },
    for: '1h',
    severity: 'info',
    silentWhen: 'no table has more than 256 MiB of estimated bloat',
    summary: `About {{ $value | humanizePercentage }} of ${PLACE} is empty space`,
    description: `From the statistics of its columns ${PLACE} should need {{ $value | humanizePercentage }} less space than it takes (limit <limit>; an estimate). The space is used again by new rows but not given back. If the table will not grow again, rewrite it with pg_repack or VACUUM FULL in a quiet hour.`,
    sql: 'SELECT c.oid::regclass AS relation, pg_size_pretty(pg_relation_size(c.oid)) AS size, c.reltuples::bigint AS rows_estimated, s.n_dead_tup, s.last_autovacuum FROM pg_class AS c JOIN pg_stat_user_tables AS s ON s.relid = c.oid ORDER BY pg_relation_size(c.oid) DESC LIMIT 20;',
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLAutovacuumBehind',
    expr: 'table:pgmon_table_vacuum:ratio > <limit>',
    threshold: { value: 2, unit: 'factor' },
    for: '1h',
    silentWhen: 'no table with more than 10,000 dead rows is past its autovacuum trigger',
    summary: `Autovacuum is behind on ${PLACE}`,
    description: `For an hour ${PLACE} has had {{ $value | humanize }} times the dead rows at which autovacuum should start (limit <limit>). Autovacuum is off for it, has too few workers or too small a cost limit, is cancelled by locks, or cannot remove the rows.`,
    sql: `${TABLES_SQL} ${WORKERS_SQL}`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLAutoanalyzeBehind',
    expr: 'table:pgmon_table_analyze:ratio > <limit>',
    threshold: { value: 3, unit: 'factor' },
    for: '1h',
    severity: 'info',
    silentWhen: 'no table is past its autoanalyze trigger',
    summary: `Statistics of ${PLACE} are old`,
    description: `For an hour ${PLACE} has had {{ $value | humanize }} times the changed rows at which its statistics should be renewed (limit <limit>). The planner works with old figures and may choose bad plans.`,
    sql: `${TABLES_SQL} ${WORKERS_SQL}`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLAutovacuumSaturated',
    expr: 'max by (instance) (pgmon_autovacuum_workers) / (max by (instance) (pgmon_autovacuum_workers_max) > 0) >= 1',
    for: '30m',
    keepFiringFor: '10m',
    summary: 'All autovacuum workers of {{ $labels.instance }} are busy',
    description:
      'For 30 minutes every one of the autovacuum_max_workers of {{ $labels.instance }} has been at work: other tables wait for their turn. More workers share one cost limit, so raise autovacuum_vacuum_cost_limit first.',
    sql: WORKERS_SQL,
  }),
  ...WRAPAROUND_ALERTS,
];
