/** CPU time and file-system I/O of statements by database, where the extension pg_stat_kcache is loaded and created. */
import { counter, defineQuery } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/** A row where the extension can be used. */
export const KCACHE_EXTENSION_SQL = `
  SELECT n.nspname AS schema, string_to_array(e.extversion, '.')::int[] >= ARRAY[2, 2] AS has_plans
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'pg_stat_kcache' AND has_schema_privilege(n.oid, 'USAGE')
    AND 'pg_stat_kcache' = ANY (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ','))`;

/**
 * The function stands in a schema of the user's choice and may not be there at all, so it is named only in text that
 * query_to_xml() runs where it is. Times of planning and the mark of top-level statements came with version 2.2. The view would
 * also read the file with all statements' texts; the function does not.
 */
const KCACHE_SQL = `
WITH extension AS MATERIALIZED (${KCACHE_EXTENSION_SQL}),
answer AS MATERIALIZED (
  SELECT query_to_xml(format(CASE WHEN has_plans THEN
    'SELECT json_agg(t) AS figures FROM (SELECT dbid::int8 AS dbid, sum(plan_user_time + exec_user_time) AS user_seconds,
      sum(plan_system_time + exec_system_time) AS system_seconds, sum(plan_reads + exec_reads) AS read_bytes,
      sum(plan_writes + exec_writes) AS written_bytes FROM %I.pg_stat_kcache() WHERE top GROUP BY dbid) t'
  ELSE
    'SELECT json_agg(t) AS figures FROM (SELECT dbid::int8 AS dbid, sum(user_time) AS user_seconds,
      sum(system_time) AS system_seconds, sum(reads) AS read_bytes, sum(writes) AS written_bytes
      FROM %I.pg_stat_kcache() GROUP BY dbid) t'
  END, schema), false, true, '')::text AS xml
  FROM extension
),
figures AS (
  SELECT d.datname, f.*
  FROM answer
  CROSS JOIN LATERAL json_to_recordset(substring(xml FROM '<figures>(.*)</figures>')::json)
    AS f (dbid oid, user_seconds float8, system_seconds float8, read_bytes numeric, written_bytes numeric)
  JOIN pg_database d ON d.oid = f.dbid
  ORDER BY f.user_seconds + f.system_seconds DESC, d.datname
  LIMIT 100
)
SELECT f.datname, m.mode, m.seconds AS pgmon_kcache_cpu_seconds_total,
  m.read_bytes AS pgmon_kcache_read_bytes_total, m.written_bytes AS pgmon_kcache_write_bytes_total
FROM figures f
CROSS JOIN LATERAL (VALUES ('user', f.user_seconds, NULL, NULL), ('system', f.system_seconds, NULL, NULL),
  (NULL, NULL, f.read_bytes, f.written_bytes)) AS m (mode, seconds, read_bytes, written_bytes)`;

export const KCACHE_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'kcache',
    scope: 'server',
    intervalSeconds: 300,
    sql: KCACHE_SQL,
    labels: ['datname', 'mode'],
    metrics: [
      counter('pgmon_kcache_cpu_seconds_total', 'CPU time of statements, in user and in system mode.'),
      counter(
        'pgmon_kcache_read_bytes_total',
        "Bytes that statements read from disk, past the kernel's cache.",
      ),
      counter('pgmon_kcache_write_bytes_total', 'Bytes that statements wrote to disk.'),
    ],
  }),
];
