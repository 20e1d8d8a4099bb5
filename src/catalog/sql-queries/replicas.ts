/** How far each standby or subscriber is behind, as the server that feeds it sees it: a primary, or a replica that feeds others. */
import { defineQuery, gauge } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/** Two that look alike (the same name from the same address) count as one, that which is further behind. */
const MOST_REPLICAS = 50;
const NAMES = `coalesce(r.application_name, '') AS application_name, coalesce(host(r.client_addr), 'local') AS client`;

/**
 * A backup is no replica. A time is NULL as soon as everything is confirmed, which is a lag of 0; with WAL left and no time the
 * lag is not known and there is no sample.
 */
const LAG_SQL = `
WITH here AS MATERIALIZED (
  SELECT CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
    ELSE pg_current_wal_lsn() END AS lsn
),
lags AS (
  SELECT ${NAMES}, s.stage,
    greatest(pg_wal_lsn_diff(here.lsn, s.lsn), 0) AS bytes, s.lag
  FROM pg_stat_replication r
  CROSS JOIN here
  CROSS JOIN LATERAL (VALUES ('sent', r.sent_lsn, NULL::interval), ('write', r.write_lsn, r.write_lag),
    ('flush', r.flush_lsn, r.flush_lag), ('replay', r.replay_lsn, r.replay_lag)) AS s (stage, lsn, lag)
  WHERE r.state <> 'backup' AND s.lsn IS NOT NULL
)
SELECT application_name, client, stage,
  max(bytes) AS pgmon_replica_lag_bytes,
  max(CASE WHEN stage <> 'sent' THEN coalesce(extract(epoch FROM lag), CASE WHEN bytes = 0 THEN 0 END) END)
    AS pgmon_replica_lag_seconds
FROM lags
GROUP BY application_name, client, stage
ORDER BY 4 DESC, 1, 2, 3
LIMIT ${MOST_REPLICAS * 4}`;

const INFO_SQL = `
SELECT DISTINCT ${NAMES}, r.state, r.sync_state, 1 AS pgmon_replica_info
FROM pg_stat_replication r
ORDER BY 1, 2, 3, 4
LIMIT ${MOST_REPLICAS}`;

export const REPLICA_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'replica_lag',
    scope: 'server',
    sql: LAG_SQL,
    labels: ['application_name', 'client', 'stage'],
    metrics: [
      gauge(
        'pgmon_replica_lag_bytes',
        'WAL of this server beyond what was sent to the replica, or written, flushed or replayed by it, by stage.',
      ),
      gauge(
        'pgmon_replica_lag_seconds',
        'How long it took lately until the replica confirmed WAL, by stage; 0 when it has all of it.',
      ),
    ],
  }),
  defineQuery({
    name: 'replicas',
    scope: 'server',
    sql: INFO_SQL,
    labels: ['application_name', 'client', 'state', 'sync_state'],
    metrics: [gauge('pgmon_replica_info', 'A connected replica, subscriber or backup; always 1.')],
  }),
];
