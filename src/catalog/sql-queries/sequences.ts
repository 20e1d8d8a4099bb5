/**
 * How far sequences have come. Only those that the role may read: pg_monitor gives no right to a sequence's value
 * (GRANT SELECT ON ALL SEQUENCES IN SCHEMA … does); how many are out of sight is counted.
 */
import { defineQuery, gauge } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/** The end is that of the sequence, or of the column that takes its values when that comes first. */
const SEQUENCES_SQL = `
WITH found AS MATERIALIZED (
  SELECT n.nspname, c.relname, s.seqincrement, s.seqmin,
    CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(c.oid) END AS last_value,
    least(s.seqmax, CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END) AS seqmax
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE NOT s.seqcycle AND c.relpersistence = 'p' AND s.seqmax > s.seqmin
)
SELECT nspname AS schemaname, relname AS sequencename,
  least(1, greatest(0, CASE WHEN seqincrement > 0
    THEN (last_value::float8 - seqmin) / nullif(seqmax::float8 - seqmin, 0)
    ELSE (seqmax::float8 - last_value) / nullif(seqmax::float8 - seqmin, 0) END)) AS pgmon_sequence_used_ratio
FROM found
WHERE last_value IS NOT NULL
ORDER BY 3 DESC, 1, 2
LIMIT 20`;

const UNREADABLE_SQL = `
SELECT count(*) AS pgmon_sequences_unreadable
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relpersistence = 'p' AND NOT has_sequence_privilege(s.seqrelid, 'SELECT, USAGE')`;

export const SEQUENCE_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'sequences',
    scope: 'database',
    sql: SEQUENCES_SQL,
    labels: ['schemaname', 'sequencename'],
    metrics: [
      gauge('pgmon_sequence_used_ratio', 'How much of a sequence is used up, 0 to 1; the 20 most used ones.'),
    ],
    role: 'primary',
  }),
  defineQuery({
    name: 'unreadable_sequences',
    scope: 'database',
    sql: UNREADABLE_SQL,
    metrics: [gauge('pgmon_sequences_unreadable', 'Sequences whose value the monitoring role may not read.')],
    role: 'primary',
  }),
];
