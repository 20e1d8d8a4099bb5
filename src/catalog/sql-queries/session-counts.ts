/** Sessions that came, and those that did not end as a client ends them. PostgreSQL 14 and newer count them. */
import { counter, defineQuery } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/** A row for all of a database's sessions, without `how`, and one for each bad end; the databases with the most sessions. */
const COUNTS_SQL = `
WITH busiest AS MATERIALIZED (
  SELECT s.*
  FROM pg_stat_database s
  JOIN pg_database d ON d.oid = s.datid
  WHERE d.datallowconn AND NOT d.datistemplate
  ORDER BY s.sessions DESC, s.datname
  LIMIT 100
)
SELECT b.datname, e.how, e.sessions AS pgmon_sessions_total, e.ended AS pgmon_sessions_ended_total
FROM busiest b
CROSS JOIN LATERAL (VALUES (NULL, b.sessions, NULL), ('abandoned', NULL, b.sessions_abandoned),
  ('fatal', NULL, b.sessions_fatal), ('killed', NULL, b.sessions_killed)) AS e (how, sessions, ended)`;

export const SESSION_COUNT_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'session_counts',
    scope: 'server',
    sql: COUNTS_SQL,
    labels: ['datname', 'how'],
    metrics: [
      counter('pgmon_sessions_total', 'Sessions that were opened.'),
      counter(
        'pgmon_sessions_ended_total',
        'Sessions that ended badly: the client was gone (abandoned), an error (fatal), an administrator (killed).',
      ),
    ],
    minVersion: 14,
  }),
];
