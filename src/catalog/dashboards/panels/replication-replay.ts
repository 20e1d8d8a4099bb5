/** A server as a replica: what it replays and which queries that costs; and logical subscriptions. */
import {
  NO_REPLICA_SELECTED,
  NO_SQL_EXPORTER,
  NO_SUBSCRIPTION,
  ONLY_REPLICAS_SELECTED,
} from '../empty-when.ts';
import { query, table, timeSeries } from '../house-look.ts';
import { anyIsBad, highIsBad, LAG_SECONDS } from '../thresholds.ts';

const S = '{instance=~"$instance"}';

export const REPLAY_LAG_OVER_TIME = timeSeries({
  id: 'replay-lag-over-time',
  title: 'Replication Lag of This Replica (s)',
  text: {
    shows:
      'Age of the last replayed transaction while newer ones wait on this replica; 0 when nothing waits.',
    normal:
      'Below a second or a few. One high value after a pause in writing is only the length of that pause.',
    action: 'If it stays high, look for long queries on the replica and for a paused replay.',
  },
  unit: 's',
  min: 0,
  queries: [
    query(`max(pg_replication_lag_seconds${S} and on (instance) pg_replication_is_replica${S} == 1)`, 'lag', {
      everySeconds: 60,
    }),
  ],
  width: 8,
  height: 7,
  thresholds: LAG_SECONDS,
  emptyWhen: [NO_REPLICA_SELECTED],
  alert: 'PostgreSQLReplicationLag',
});

/** The metric's name ends with the reason. */
const conflicts = (reason: string, legend: string) =>
  query(
    `sum(rate(pg_stat_database_conflicts_confl_${reason}{instance=~"$instance"}[$__rate_interval])) * 60`,
    legend,
    { everySeconds: 60 },
  );

export const CONFLICTS = timeSeries({
  id: 'conflicts',
  title: 'Queries Cancelled by Replay (per minute)',
  text: {
    shows:
      'Queries on this server that were cancelled each minute because they stood in the way of replay, by reason.',
    normal: '0. On a primary it is always 0.',
    action:
      'Shorten the queries, raise max_standby_streaming_delay, or turn on hot_standby_feedback and accept more dead rows on the primary.',
  },
  unit: 'short',
  min: 0,
  queries: [
    conflicts('snapshot', 'old snapshot'),
    conflicts('lock', 'lock'),
    conflicts('bufferpin', 'page in use'),
    conflicts('deadlock', 'deadlock'),
    conflicts('tablespace', 'dropped tablespace'),
    conflicts('active_logicalslot', 'logical slot'),
  ],
  width: 8,
  height: 7,
  isStacked: true,
  alert: 'PostgreSQLStandbyConflicts',
});

const bySubscription = (figure: string): string => `max by (datname, subname) (${figure})`;

export const SUBSCRIPTIONS = table({
  id: 'subscriptions',
  title: 'Logical Subscriptions by Lag (s)',
  text: {
    shows:
      'Subscriptions of this server: whether the worker that applies changes runs, time since it last confirmed a position, and errors in the selected time (from PostgreSQL 15).',
    normal: 'Worker runs, no errors. On an idle publisher the time goes up to half a minute.',
    action:
      'The log of this server has the error: most often a row that is already there, or a missing column.',
  },
  unit: 's',
  columns: [
    { label: 'datname', header: 'Database' },
    { label: 'subname', header: 'Subscription' },
  ],
  queries: [
    query(bySubscription(`pgmon_subscription_lag_seconds${S}`), 'Since last report', {
      everySeconds: 60,
      thresholds: highIsBad(60, 300),
    }),
    query(bySubscription(`pgmon_subscription_worker_up${S}`), 'Worker runs', {
      everySeconds: 60,
      unit: 'bool_yes_no',
      thresholds: {
        steps: [
          { from: null, level: 'critical' },
          { from: 1, level: 'ok' },
        ],
      },
    }),
    query(bySubscription(`round(increase(pgmon_subscription_errors_total${S}[$__range]))`), 'Errors', {
      everySeconds: 60,
      unit: 'short',
      thresholds: anyIsBad('warning'),
    }),
  ],
  width: 8,
  height: 7,
  emptyWhen: [NO_SUBSCRIPTION, ONLY_REPLICAS_SELECTED, NO_SQL_EXPORTER],
  alert: 'PostgreSQLSubscriptionDown',
});
