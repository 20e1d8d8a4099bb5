/** Logical replication as the subscriber sees it. A replica of a subscriber runs no workers and is left out. */
import { counter, defineQuery, gauge } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

function subscriptionsSql(join: string): string {
  return `
SELECT s.subname, d.datname,
  s.subenabled::int AS pgmon_subscription_enabled,
  coalesce(bool_or(w.pid IS NOT NULL), false)::int AS pgmon_subscription_worker_up,
  extract(epoch FROM clock_timestamp() - max(w.latest_end_time)) AS pgmon_subscription_lag_seconds
FROM pg_subscription s
JOIN pg_database d ON d.oid = s.subdbid
LEFT JOIN pg_stat_subscription w ON ${join} AND w.relid IS NULL
GROUP BY s.subname, d.datname, s.subenabled`;
}

const METRICS = [
  gauge('pgmon_subscription_enabled', '1 = the subscription is enabled.'),
  gauge('pgmon_subscription_worker_up', '1 = its apply worker runs.'),
  gauge(
    'pgmon_subscription_lag_seconds',
    'Time since the subscriber last confirmed a position; up to half of wal_sender_timeout when the publisher is idle.',
  ),
] as const;

const LABELS = ['subname', 'datname'] as const;

export const SUBSCRIPTION_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'subscriptions',
    scope: 'server',
    sql: subscriptionsSql('w.subid = s.oid'),
    labels: LABELS,
    metrics: METRICS,
    minVersion: 14,
    role: 'primary',
  }),
  // PostgreSQL 13 shows the numbers of subscriptions to superusers only.
  defineQuery({
    name: 'subscriptions_by_name',
    scope: 'server',
    sql: subscriptionsSql('w.subname = s.subname'),
    labels: LABELS,
    metrics: METRICS,
    maxVersion: 13,
    role: 'primary',
  }),
  defineQuery({
    name: 'subscription_errors',
    scope: 'server',
    sql: `SELECT s.subname, d.datname, e.apply_error_count + e.sync_error_count AS pgmon_subscription_errors_total
FROM pg_stat_subscription_stats e
JOIN pg_subscription s ON s.oid = e.subid
JOIN pg_database d ON d.oid = s.subdbid`,
    labels: LABELS,
    metrics: [
      counter('pgmon_subscription_errors_total', 'Errors while changes were applied or tables copied.'),
    ],
    minVersion: 15,
    role: 'primary',
  }),
];
