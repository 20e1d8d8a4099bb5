/** Prometheus, which everything else depends on. Part of the family `stack`. */
import { JOBS } from '../../conventions.ts';
import { type AlertDefinition, defineAlert } from './alert.ts';

const SELF = 'Prometheus {{ $labels.instance }}';
const SHARED = { scope: 'stack', severity: 'warning' } as const;
const increases = (window: string, metrics: readonly string[]) =>
  metrics.map((metric) => `increase(prometheus_${metric}[${window}])`).join(' + ');

export const PROMETHEUS_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    ...SHARED,
    name: 'PrometheusTargetsMissing',
    // A target that is declared has an `up`, whatever its state: without one there is no target at all.
    expr: `absent(up{job="${JOBS.postgresql}"}) or absent(up{job="${JOBS.postgresExporter}"})`,
    for: '5m',
    severity: 'critical',
    summary: 'Prometheus has no targets in the job {{ $labels.job }}',
    description:
      'Prometheus scrapes nothing in the job {{ $labels.job }}: its target file is missing, empty or not readable, or the job is gone from the configuration. No server is watched, and no alert about one can fire.',
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusDiscoveryFailing',
    expr:
      'increase(prometheus_sd_file_read_errors_total[5m]) > 0' +
      ' or sum without (scrape_job) (increase(prometheus_target_sync_failed_total[5m])) > 0',
    for: '5m',
    summary: `${SELF} cannot read its targets`,
    description: `${SELF} fails to read a target file or to make targets from it ({{ $value | humanize }} times in 5 minutes) and goes on with those it had: added and removed servers are not noticed.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusConfigReloadFailed',
    expr: 'prometheus_config_last_reload_successful == 0',
    for: '5m',
    summary: `${SELF} runs with an old configuration`,
    description: `${SELF} could not load its configuration or its rules and goes on with those before. Changes have no effect, and after a restart it would not come up at all.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusRuleFailures',
    expr: 'increase(prometheus_rule_evaluation_failures_total[5m]) > 0',
    for: '1m',
    summary: `${SELF} cannot evaluate a rule of {{ $labels.rule_group }}`,
    description: `In 5 minutes {{ $value | humanize }} evaluations of rules in {{ $labels.rule_group }} failed on ${SELF}: the alerts in it may be silent. The page Status, Rule health shows the rule and its error.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusRuleGroupSlow',
    expr: 'increase(prometheus_rule_group_iterations_missed_total[10m]) > 0',
    for: '10m',
    keepFiringFor: '5m',
    summary: `${SELF} skips evaluations of {{ $labels.rule_group }}`,
    description: `The rules of {{ $labels.rule_group }} take longer than their interval, so that ${SELF} skipped {{ $value | humanize }} evaluations in 10 minutes: alerts come late. Give it more processor time or a longer evaluation interval.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusAlertmanagerMissing',
    expr: 'prometheus_notifications_alertmanagers_discovered < 1',
    for: '5m',
    severity: 'critical',
    needs: ['alertmanager'],
    summary: `${SELF} knows of no Alertmanager`,
    description: `${SELF} has no Alertmanager to send to. Alerts fire and nobody is told; only the missing dead man's signal can show it.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusNotificationsFailing',
    expr: 'increase(prometheus_notifications_errors_total[5m]) > 0',
    for: '5m',
    severity: 'critical',
    needs: ['alertmanager'],
    summary: `${SELF} cannot send alerts to {{ $labels.alertmanager }}`,
    description: `${SELF} failed to send {{ $value | humanize }} alerts to {{ $labels.alertmanager }} in 5 minutes. Alertmanager is down, overloaded, or cannot be reached; people are not told.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusNotificationQueueFull',
    expr: 'prometheus_notifications_queue_length / (prometheus_notifications_queue_capacity > 0) > <limit>',
    threshold: { value: 80, unit: 'percent' },
    for: '5m',
    needs: ['alertmanager'],
    summary: `The queue of alerts on ${SELF} is {{ $value | humanizePercentage }} full`,
    description: `Alerts come faster than ${SELF} can hand them to Alertmanager: {{ $value | humanizePercentage }} of the queue is taken (limit <limit>). When it is full, alerts are dropped.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusStorageFailing',
    // Damage that is found at the start is counted before the first scrape, so growth alone would not show it.
    expr:
      `${increases('1h', [
        'tsdb_compactions_failed_total',
        'tsdb_head_truncations_failed_total',
        'tsdb_checkpoint_creations_failed_total',
        'tsdb_wal_truncations_failed_total',
        'tsdb_wal_writes_failed_total',
        'tsdb_reloads_failures_total',
      ])} > 0` +
      ' or (prometheus_tsdb_wal_corruptions_total > 0 unless prometheus_tsdb_wal_corruptions_total offset 1h > 0)',
    for: '1m',
    severity: 'critical',
    summary: `${SELF} cannot keep its data in order`,
    description: `Storing, compacting or truncating data failed {{ $value | humanize }} times on ${SELF} in the last hour, or damaged data were found. Its disk is full, slow or failing; soon it stores nothing more and no rule can be relied on.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusTooManySeries',
    expr: 'prometheus_tsdb_head_series > <limit>',
    threshold: { value: 1_500_000, unit: 'count' },
    for: '15m',
    summary: `${SELF} holds {{ $value | humanize }} series`,
    description: `${SELF} holds {{ $value | humanize }} series in memory (budget <limit>). Each takes a few kilobytes; when its memory runs out, all monitoring is gone. Look for a metric with ever new labels: topk(10, count by (__name__) ({__name__=~".+"})).`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PrometheusScrapesRejected',
    expr: `${increases('5m', [
      'target_scrapes_exceeded_sample_limit_total',
      'target_scrapes_exceeded_body_size_limit_total',
      'target_scrapes_sample_duplicate_timestamp_total',
      'target_scrapes_sample_out_of_order_total',
      'target_scrapes_sample_out_of_bounds_total',
    ])} > 0`,
    for: '10m',
    summary: `${SELF} throws scraped samples away`,
    description: `In 5 minutes {{ $value | humanize }} scrapes or samples were refused by ${SELF}: a target gives more series than its limit allows, or two targets give the same series. Data are missing; its log names the target.`,
  }),
];
