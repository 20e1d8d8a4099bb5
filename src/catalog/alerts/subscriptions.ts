/** Logical replication, seen from the subscriber. Part of the family `replication`. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const SUBSCRIPTIONS_SQL =
  "SELECT s.subname, s.subenabled, s.subslotname, w.pid AS worker, w.received_lsn, w.latest_end_lsn, now() - w.latest_end_time AS since_last_report FROM pg_subscription AS s LEFT JOIN pg_stat_subscription AS w ON w.subname = s.subname AND w.relid IS NULL ORDER BY s.subname; SELECT srsubid, srrelid::regclass AS relation, srsubstate FROM pg_subscription_rel WHERE srsubstate <> 'r' ORDER BY 1, 2 LIMIT 50;";

const BY = 'by (instance, datname, subname)';
const SHARED = { scope: 'server', needs: ['sql-exporter'], sql: SUBSCRIPTIONS_SQL } as const;
const SILENT = 'no subscription';

export const SUBSCRIPTION_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLSubscriptionDown',
    expr:
      `max ${BY} (pgmon_subscription_worker_up) == 0` +
      ` and on (instance, datname, subname) max ${BY} (pgmon_subscription_enabled) == 1`,
    for: '5m',
    severity: 'critical',
    silentWhen: SILENT,
    summary: 'Subscription {{ $labels.subname }} on {{ $labels.instance }} has no worker',
    description:
      'The subscription {{ $labels.subname }} in {{ $labels.datname }} on {{ $labels.instance }} is enabled, but no worker has applied changes for 5 minutes. Its data grow old, and its slot keeps WAL on the publisher. The log of the subscriber has the error.',
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLSubscriptionDisabled',
    expr: `max ${BY} (pgmon_subscription_enabled) == 0`,
    for: '15m',
    severity: 'warning',
    silentWhen: SILENT,
    summary: 'Subscription {{ $labels.subname }} on {{ $labels.instance }} is disabled',
    description:
      'The subscription {{ $labels.subname }} in {{ $labels.datname }} on {{ $labels.instance }} has been disabled for 15 minutes, by a person or, with disable_on_error, by an error. Its slot keeps WAL on the publisher meanwhile.',
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLSubscriptionErrors',
    // A worker that fails tries again every few seconds; one failure, such as a deadlock, is no news.
    expr: `sum ${BY} (increase(pgmon_subscription_errors_total[15m])) > <limit>`,
    threshold: { value: 3, unit: 'count' },
    keepFiringFor: '5m',
    severity: 'warning',
    versions: { min: 15, max: null },
    silentWhen: SILENT,
    summary: 'Subscription {{ $labels.subname }} on {{ $labels.instance }} keeps failing',
    description:
      'Applying or copying data failed {{ $value | humanize }} times in 15 minutes for the subscription {{ $labels.subname }} in {{ $labels.datname }} on {{ $labels.instance }} (limit <limit>): most often a row that breaks a constraint, a missing table or a missing right. Nothing moves until that is solved; the log names the row.',
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLSubscriptionLag',
    expr: `max ${BY} (pgmon_subscription_lag_seconds) > <limit>`,
    threshold: { value: 300, unit: 'seconds' },
    for: '5m',
    severity: 'warning',
    silentWhen: SILENT,
    summary:
      'Subscription {{ $labels.subname }} on {{ $labels.instance }} is {{ $value | humanizeDuration }} behind',
    description:
      'The subscription {{ $labels.subname }} in {{ $labels.datname }} on {{ $labels.instance }} last told its publisher about progress {{ $value | humanizeDuration }} ago (limit <limit>). A large transaction, a slow table without a primary key or a lock holds it up.',
  }),
];
