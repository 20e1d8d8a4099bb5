/** Who waits for whom, and prepared transactions: one row for each database, also where nothing waits. */
import { defineQuery, gauge } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/**
 * pg_locks says since when a lock is awaited from PostgreSQL 14 on; before, the statement's start has to do. Who blocks is
 * asked once for each session that waits, as it stops all lock traffic for a moment: so pairs come out of the same query, in
 * rows of their own with no counts. Process 0 is a prepared transaction.
 */
const SESSIONS_SQL = `
WITH activity AS MATERIALIZED (
  SELECT pid, datname, coalesce(usename::text, backend_type) AS who, query_start, wait_event_type FROM pg_stat_activity
),
awaited AS MATERIALIZED (
  SELECT pid, mode || ' on ' || locktype AS lock, (to_jsonb(l) ->> 'waitstart')::timestamptz AS since
  FROM pg_locks l WHERE NOT granted
),
waiting AS MATERIALIZED (
  SELECT a.pid, a.datname, a.who, l.lock, pg_blocking_pids(a.pid) AS blockers,
    greatest(extract(epoch FROM clock_timestamp() - coalesce(l.since, a.query_start)), 0) AS seconds
  FROM activity a
  LEFT JOIN LATERAL (
    SELECT min(w.lock) AS lock, min(w.since) AS since FROM awaited w WHERE w.pid = a.pid
  ) l ON true
  WHERE a.wait_event_type = 'Lock'
),
blocked AS (
  SELECT datname, count(*) AS sessions, max(seconds) AS seconds
  FROM waiting WHERE cardinality(blockers) > 0 GROUP BY datname
),
blocking AS (
  SELECT a.datname, count(*) AS sessions
  FROM activity a
  WHERE a.pid IN (SELECT unnest(blockers) FROM waiting) GROUP BY a.datname
),
pairs AS (
  SELECT w.datname, w.pid, w.who, b.pid AS blocking_pid, w.lock, w.seconds,
    CASE WHEN b.pid = 0 THEN '(prepared transaction)' ELSE coalesce(a.who, '(gone)') END AS blocking_who
  FROM waiting w
  CROSS JOIN LATERAL (SELECT DISTINCT unnest(w.blockers) AS pid) b
  LEFT JOIN activity a ON a.pid = b.pid
  ORDER BY w.seconds DESC, w.pid, b.pid
  LIMIT 20
),
prepared AS (
  SELECT database AS datname, count(*) AS transactions,
    max(extract(epoch FROM clock_timestamp() - prepared)) AS seconds
  FROM pg_prepared_xacts GROUP BY database
)
SELECT d.datname,
  NULL::int AS blocked_pid, NULL::text AS blocked_user, NULL::int AS blocking_pid, NULL::text AS blocking_user,
  NULL::text AS lock, NULL::float8 AS pgmon_blocked_pair_seconds,
  coalesce(blocked.sessions, 0) AS pgmon_blocked_sessions,
  coalesce(blocked.seconds, 0) AS pgmon_blocked_seconds_max,
  coalesce(blocking.sessions, 0) AS pgmon_blocking_sessions,
  coalesce(prepared.transactions, 0) AS pgmon_prepared_transactions,
  prepared.seconds AS pgmon_prepared_transaction_age_seconds
FROM pg_database d
LEFT JOIN blocked ON blocked.datname = d.datname
LEFT JOIN blocking ON blocking.datname = d.datname
LEFT JOIN prepared ON prepared.datname = d.datname
WHERE d.datallowconn
UNION ALL
SELECT datname, pid, who, blocking_pid, blocking_who, lock, seconds, NULL, NULL, NULL, NULL, NULL
FROM pairs`;

/** The statement's own session is left out, and vacuums, whose snapshots hold nothing back. */
const HORIZON_SQL = `
SELECT 'transaction' AS holder,
  coalesce(max(greatest(age(backend_xmin), age(backend_xid))), 0) AS pgmon_xmin_age_transactions,
  max(extract(epoch FROM clock_timestamp() - xact_start)) AS pgmon_xmin_holder_age_seconds
FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
  AND backend_type NOT IN ('walsender', 'autovacuum worker', 'autovacuum launcher')
UNION ALL
SELECT 'prepared', coalesce(max(age(transaction)), 0), max(extract(epoch FROM clock_timestamp() - prepared))
FROM pg_prepared_xacts
UNION ALL
SELECT 'slot', coalesce(max(greatest(age(xmin), age(catalog_xmin))), 0), NULL FROM pg_replication_slots
UNION ALL
SELECT 'replica', coalesce(max(age(backend_xmin)), 0), NULL FROM pg_stat_replication`;

export const SESSION_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'sessions',
    scope: 'server',
    sql: SESSIONS_SQL,
    labels: ['datname', 'blocked_pid', 'blocked_user', 'blocking_pid', 'blocking_user', 'lock'],
    metrics: [
      gauge(
        'pgmon_blocked_pair_seconds',
        'How long a session has waited for a lock that another one holds or asked for first; the 20 longest waits.',
      ),
      gauge('pgmon_blocked_sessions', 'Sessions that wait for a lock which another session holds.'),
      gauge('pgmon_blocked_seconds_max', 'How long the longest of them has waited.'),
      gauge('pgmon_blocking_sessions', 'Sessions that others wait for.'),
      gauge(
        'pgmon_prepared_transactions',
        'Prepared transactions that are neither committed nor rolled back.',
      ),
      gauge('pgmon_prepared_transaction_age_seconds', 'Age of the oldest prepared transaction.'),
    ],
  }),
  defineQuery({
    name: 'horizon',
    scope: 'server',
    sql: HORIZON_SQL,
    labels: ['holder'],
    metrics: [
      gauge(
        'pgmon_xmin_age_transactions',
        'How many transactions ago the oldest snapshot was taken that keeps VACUUM from removing dead rows, by kind of holder.',
      ),
      gauge('pgmon_xmin_holder_age_seconds', 'Age of the oldest holder of that kind.'),
    ],
  }),
];
