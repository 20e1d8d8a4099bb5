/**
 * The largest tables and indexes of a database. Sizes are the pages that VACUUM, ANALYZE and index builds wrote into the
 * catalogue: functions that look at the files would wait for whoever holds the table.
 */
import { counter, defineQuery, gauge } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

const USER_SCHEMAS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'`;

/** Each table's own settings win over the server's. `autovacuum_vacuum_max_threshold` came with PostgreSQL 18. */
const TABLES_SQL = `
WITH top AS MATERIALIZED (
  SELECT c.oid, n.nspname, c.relname, c.reltuples, c.relpages, c.reloptions, c.relfrozenxid,
    t.relfrozenxid AS toast_frozenxid, coalesce(t.relpages, 0) AS toast_pages
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
  WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND ${USER_SCHEMAS}
  ORDER BY c.relpages + coalesce(t.relpages, 0) DESC, pg_stat_get_live_tuples(c.oid) DESC, c.oid
  LIMIT <top>
),
settings AS MATERIALIZED (
  SELECT top.oid, s.name, coalesce(o.option_value, current_setting('autovacuum_' || s.name, true))::float8 AS value
  FROM top
  CROSS JOIN (VALUES ('vacuum_threshold'), ('vacuum_scale_factor'), ('vacuum_max_threshold'),
    ('analyze_threshold'), ('analyze_scale_factor')) AS s (name)
  LEFT JOIN LATERAL pg_options_to_table(top.reloptions) AS o ON o.option_name = 'autovacuum_' || s.name
),
limits AS (
  SELECT oid,
    max(value) FILTER (WHERE name = 'vacuum_threshold') AS vacuum_threshold,
    max(value) FILTER (WHERE name = 'vacuum_scale_factor') AS vacuum_scale,
    max(value) FILTER (WHERE name = 'vacuum_max_threshold' AND value >= 0) AS vacuum_max,
    max(value) FILTER (WHERE name = 'analyze_threshold') AS analyze_threshold,
    max(value) FILTER (WHERE name = 'analyze_scale_factor') AS analyze_scale
  FROM settings GROUP BY oid
),
-- Bytes of a row: what ANALYZE found where the role may read the table, otherwise the most that the column's type holds;
-- unknown when a column is neither readable nor limited.
columns AS (
  SELECT top.oid, coalesce((1 - s.null_frac) * s.avg_width, CASE
    WHEN a.attlen > 0 THEN a.attlen
    WHEN a.atttypmod > 4 AND a.atttypid = 'bpchar'::regtype THEN a.atttypmod
    WHEN a.atttypmod > 4 AND a.atttypid = 'varchar'::regtype THEN a.atttypmod * pg_encoding_max_length(e.encoding)
    WHEN a.atttypmod > 4 AND a.atttypid = 'numeric'::regtype THEN 12 + (a.atttypmod - 4 >> 16) / 2
    END) AS width
  FROM top
  JOIN pg_attribute a ON a.attrelid = top.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_database e ON e.datname = current_database()
  LEFT JOIN pg_stats s ON s.schemaname = top.nspname AND s.tablename = top.relname AND s.attname = a.attname
    AND NOT s.inherited
),
widths AS (
  SELECT oid, CASE WHEN count(*) = count(width) THEN sum(width) END AS width FROM columns GROUP BY oid
),
figures AS (
  SELECT top.*, l.vacuum_threshold, l.vacuum_scale, l.vacuum_max, l.analyze_threshold, l.analyze_scale,
    current_setting('block_size')::float8 AS block,
    greatest(top.reltuples, 0)::float8 AS tuples, pg_is_in_recovery() AS is_replica,
    pg_stat_get_live_tuples(top.oid) AS live, pg_stat_get_dead_tuples(top.oid) AS dead,
    coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(top.reloptions) o
      WHERE o.option_name = 'fillfactor'), 100) / 100 AS fill,
    -- A tuple: line pointer, header with the map of nulls, columns; each part in steps of eight bytes.
    4 + 24 + ceil(w.width / 8) * 8 AS tuple_bytes
  FROM top JOIN limits l USING (oid) LEFT JOIN widths w USING (oid)
),
estimates AS (
  SELECT *, CASE WHEN NOT is_replica AND tuples > 0 AND relpages > 0 AND tuple_bytes IS NOT NULL THEN
    greatest(0, relpages - ceil(tuples * tuple_bytes / ((block - 24) * fill))) END AS spare_pages
  FROM figures
)
SELECT nspname AS schemaname, relname,
  (relpages + toast_pages)::float8 * block AS pgmon_table_size_bytes,
  live AS pgmon_table_live_tuples,
  dead AS pgmon_table_dead_tuples,
  CASE WHEN NOT is_replica THEN
    dead / greatest(least(vacuum_threshold + vacuum_scale * tuples, vacuum_max), 1) END AS pgmon_table_vacuum_ratio,
  CASE WHEN NOT is_replica THEN
    pg_stat_get_mod_since_analyze(oid) / greatest(analyze_threshold + analyze_scale * tuples, 1) END
    AS pgmon_table_analyze_ratio,
  spare_pages * block AS pgmon_table_bloat_bytes,
  spare_pages / relpages AS pgmon_table_bloat_ratio,
  extract(epoch FROM greatest(pg_stat_get_last_vacuum_time(oid), pg_stat_get_last_autovacuum_time(oid)))
    AS pgmon_table_last_vacuum_timestamp_seconds,
  extract(epoch FROM greatest(pg_stat_get_last_analyze_time(oid), pg_stat_get_last_autoanalyze_time(oid)))
    AS pgmon_table_last_analyze_timestamp_seconds,
  pg_stat_get_numscans(oid) AS pgmon_table_sequential_scans_total,
  (SELECT sum(pg_stat_get_numscans(i.indexrelid)) FROM pg_index i WHERE i.indrelid = oid)
    AS pgmon_table_index_scans_total,
  pg_stat_get_tuples_updated(oid) AS pgmon_table_updates_total,
  pg_stat_get_tuples_hot_updated(oid) AS pgmon_table_hot_updates_total,
  CASE WHEN NOT is_replica AND relfrozenxid <> '0' THEN
    greatest(age(relfrozenxid), CASE WHEN toast_frozenxid <> '0' THEN age(toast_frozenxid) END) END
    AS pgmon_table_frozenxid_age_transactions
FROM estimates`;

const INDEXES_SQL = `
SELECT n.nspname AS schemaname, t.relname, c.relname AS indexrelname,
  c.relpages::float8 * current_setting('block_size')::float8 AS pgmon_index_size_bytes,
  pg_stat_get_numscans(c.oid) AS pgmon_index_scans_total
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE c.relkind = 'i' AND c.relpersistence <> 't' AND ${USER_SCHEMAS}
ORDER BY c.relpages DESC, c.oid
LIMIT <top>`;

/** An index that CREATE INDEX CONCURRENTLY is building just now is not valid yet, and that is as it should be. */
const INVALID_SQL = `
SELECT n.nspname AS schemaname, t.relname, c.relname AS indexrelname, 1 AS pgmon_index_invalid
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i' AND ${USER_SCHEMAS}
  AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid AND p.datname = current_database())
ORDER BY c.oid
LIMIT 50`;

const INDEX_LABELS = ['schemaname', 'relname', 'indexrelname'] as const;

export const TABLE_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'tables',
    scope: 'database',
    sql: TABLES_SQL,
    labels: ['schemaname', 'relname'],
    metrics: [
      gauge('pgmon_table_size_bytes', 'Table and TOAST without indexes, as VACUUM or ANALYZE last saw them.'),
      gauge('pgmon_table_live_tuples', 'Live rows, estimated.'),
      gauge('pgmon_table_dead_tuples', 'Dead rows, estimated.'),
      gauge('pgmon_table_vacuum_ratio', 'Dead rows over the number at which autovacuum starts.'),
      gauge('pgmon_table_analyze_ratio', 'Changed rows over the number at which autoanalyze starts.'),
      gauge(
        'pgmon_table_bloat_bytes',
        'Estimate: space beyond what the rows need. Too low for a table that the role may not read, absent where its row has no largest size.',
      ),
      gauge('pgmon_table_bloat_ratio', 'The same as a share of the table without TOAST, 0 to 1.'),
      gauge('pgmon_table_last_vacuum_timestamp_seconds', 'Last VACUUM by hand or by autovacuum, Unix time.'),
      gauge(
        'pgmon_table_last_analyze_timestamp_seconds',
        'Last ANALYZE by hand or by autovacuum, Unix time.',
      ),
      counter('pgmon_table_sequential_scans_total', 'Scans of the whole table.'),
      counter('pgmon_table_index_scans_total', "Scans of the table's indexes."),
      counter('pgmon_table_updates_total', 'Rows that were updated.'),
      counter('pgmon_table_hot_updates_total', 'Those of them that needed no new entry in an index.'),
      gauge('pgmon_table_frozenxid_age_transactions', 'Age of the oldest transaction that is not frozen.'),
    ],
  }),
  defineQuery({
    name: 'table_count',
    scope: 'database',
    sql: `SELECT count(*) AS pgmon_tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND ${USER_SCHEMAS}`,
    metrics: [gauge('pgmon_tables', 'Tables and materialized views of the database.')],
  }),
  defineQuery({
    name: 'indexes',
    scope: 'database',
    sql: INDEXES_SQL,
    labels: INDEX_LABELS,
    metrics: [
      gauge('pgmon_index_size_bytes', 'Size of the index as the catalogue last saw it.'),
      counter('pgmon_index_scans_total', 'Scans of the index on this server.'),
    ],
  }),
  defineQuery({
    name: 'invalid_indexes',
    scope: 'database',
    sql: INVALID_SQL,
    labels: INDEX_LABELS,
    metrics: [gauge('pgmon_index_invalid', '1 = an index that is kept up to date and never used.')],
    role: 'primary',
  }),
];
