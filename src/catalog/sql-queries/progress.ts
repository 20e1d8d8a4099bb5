/** How far running vacuums have come, in every database of the server. */
import { defineQuery, gauge } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/**
 * Tables of other databases have no name here; autovacuum's own text in pg_stat_activity has it for its tables. Two tables of
 * one name in different schemas count as one, that which has come less far.
 */
const VACUUM_SQL = `
WITH vacuums AS (
  SELECT v.datname, v.phase,
    coalesce(c.relname::text,
      substring(a.query FROM '^autovacuum: VACUUM (?:ANALYZE )?(?:.*\\.)?([^.]+?)(?: \\(to prevent wraparound\\))?$'),
      'oid ' || v.relid) AS relname,
    CASE v.phase WHEN 'vacuuming heap' THEN v.heap_blks_vacuumed ELSE v.heap_blks_scanned END::float8 AS done,
    v.heap_blks_total AS pages
  FROM pg_stat_progress_vacuum v
  LEFT JOIN pg_class c ON c.oid = v.relid AND v.datname = current_database()
  LEFT JOIN pg_stat_activity a ON a.pid = v.pid
)
SELECT datname, relname, phase,
  min(least(1, CASE WHEN pages > 0 THEN done / pages ELSE 1 END)) AS pgmon_vacuum_progress_ratio
FROM vacuums
GROUP BY datname, relname, phase
ORDER BY datname, relname, phase
LIMIT 50`;

export const PROGRESS_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'vacuum_progress',
    scope: 'server',
    sql: VACUUM_SQL,
    labels: ['datname', 'relname', 'phase'],
    metrics: [
      gauge(
        'pgmon_vacuum_progress_ratio',
        'Share of the pages that a running vacuum has scanned, or in the phase "vacuuming heap" has cleaned, 0 to 1.',
      ),
    ],
  }),
];
