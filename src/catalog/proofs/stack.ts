/** Proofs of the alerts in `alerts/stack.ts` and `alerts/prometheus.ts`. */
import { JOBS } from '../../conventions.ts';
import type { Proof } from './proof.ts';

const PROMETHEUS = { job: JOBS.prometheus, instance: 'prometheus:9090' };
const ALERTMANAGER = { job: JOBS.alertmanager, instance: 'alertmanager:9093' };
const GRAFANA = { job: JOBS.grafana, instance: 'grafana:3000' };
const RULE_GROUP = '/etc/prometheus/rules/pgmon-host.yml;pgmon-host';

export const STACK_PROOFS: Readonly<Record<string, Proof>> = {
  Watchdog: {
    fault: [],
    labels: {},
    summary: 'Alerting works',
    description: 'This alert always fires. When it stops arriving, the path from rule to receiver is broken.',
  },
  ScrapeTargetDown: {
    fault: [{ metric: 'up', labels: GRAFANA, value: 0 }],
    labels: GRAFANA,
    summary: 'Target grafana:3000 of job grafana cannot be scraped',
    description:
      'Prometheus got no metrics from grafana:3000 (job grafana) for two minutes. That part of the stack is down or cannot be reached, and alerts on its metrics are silent.',
  },
  StackServiceRestarting: {
    // A start time that moves at every scrape.
    fault: [{ metric: 'process_start_time_seconds', labels: { job: 'test' }, value: 60 }],
    extra: [
      {
        metric: 'process_start_time_seconds',
        labels: { job: 'test', instance: 'restless:80' },
        kind: 'counter',
        value: 0,
      },
    ],
    delay: '45s',
    recovery: '30m',
    labels: { job: 'test', instance: 'restless:80' },
    summary: 'restless:80 (job test) keeps restarting',
    description:
      'restless:80 (job test) was restarted 4 times in 30 minutes (limit 3). It may run out of the memory that its container has, or fail at start; its log says why.',
  },
  PrometheusTargetsMissing: {
    fault: [{ metric: 'up', labels: { job: JOBS.postgresql }, value: null }],
    labels: { job: JOBS.postgresql },
    summary: 'Prometheus has no targets in the job postgresql',
    description:
      'Prometheus scrapes nothing in the job postgresql: its target file is missing, empty or not readable, or the job is gone from the configuration. No server is watched, and no alert about one can fire.',
  },
  PrometheusDiscoveryFailing: {
    fault: [
      { metric: 'prometheus_target_sync_failed_total', labels: { scrape_job: JOBS.postgresql }, value: 4 },
    ],
    delay: '15s',
    recovery: '5m',
    labels: PROMETHEUS,
    summary: 'Prometheus prometheus:9090 cannot read its targets',
    description:
      'Prometheus prometheus:9090 fails to read a target file or to make targets from it (20 times in 5 minutes) and goes on with those it had: added and removed servers are not noticed.',
  },
  PrometheusConfigReloadFailed: {
    fault: [{ metric: 'prometheus_config_last_reload_successful', value: 0 }],
    labels: PROMETHEUS,
    summary: 'Prometheus prometheus:9090 runs with an old configuration',
    description:
      'Prometheus prometheus:9090 could not load its configuration or its rules and goes on with those before. Changes have no effect, and after a restart it would not come up at all.',
  },
  PrometheusRuleFailures: {
    fault: [{ metric: 'prometheus_rule_evaluation_failures_total', value: 4 }],
    delay: '15s',
    recovery: '5m',
    labels: { ...PROMETHEUS, rule_group: RULE_GROUP },
    summary: `Prometheus prometheus:9090 cannot evaluate a rule of ${RULE_GROUP}`,
    description:
      'In 5 minutes 6 evaluations of rules in /etc/prometheus/rules/pgmon-host.yml;pgmon-host failed on Prometheus prometheus:9090: the alerts in it may be silent. The page Status, Rule health shows the rule and its error.',
  },
  PrometheusRuleGroupSlow: {
    fault: [{ metric: 'prometheus_rule_group_iterations_missed_total', value: 1 }],
    delay: '15s',
    recovery: '10m',
    labels: { ...PROMETHEUS, rule_group: RULE_GROUP },
    summary: `Prometheus prometheus:9090 skips evaluations of ${RULE_GROUP}`,
    description:
      'The rules of /etc/prometheus/rules/pgmon-host.yml;pgmon-host take longer than their interval, so that Prometheus prometheus:9090 skipped 10 evaluations in 10 minutes: alerts come late. Give it more processor time or a longer evaluation interval.',
  },
  PrometheusAlertmanagerMissing: {
    fault: [{ metric: 'prometheus_notifications_alertmanagers_discovered', value: 0 }],
    labels: PROMETHEUS,
    summary: 'Prometheus prometheus:9090 knows of no Alertmanager',
    description:
      "Prometheus prometheus:9090 has no Alertmanager to send to. Alerts fire and nobody is told; only the missing dead man's signal can show it.",
  },
  PrometheusNotificationsFailing: {
    fault: [{ metric: 'prometheus_notifications_errors_total', value: 1 }],
    delay: '15s',
    recovery: '5m',
    labels: { ...PROMETHEUS, alertmanager: 'http://alertmanager:9093/api/v2/alerts' },
    summary: 'Prometheus prometheus:9090 cannot send alerts to http://alertmanager:9093/api/v2/alerts',
    description:
      'Prometheus prometheus:9090 failed to send 5 alerts to http://alertmanager:9093/api/v2/alerts in 5 minutes. Alertmanager is down, overloaded, or cannot be reached; people are not told.',
  },
  PrometheusNotificationQueueFull: {
    fault: [{ metric: 'prometheus_notifications_queue_length', value: 9000 }],
    labels: PROMETHEUS,
    summary: 'The queue of alerts on Prometheus prometheus:9090 is 90% full',
    description:
      'Alerts come faster than Prometheus prometheus:9090 can hand them to Alertmanager: 90% of the queue is taken (limit 80 %). When it is full, alerts are dropped.',
  },
  PrometheusStorageFailing: {
    fault: [{ metric: 'prometheus_tsdb_compactions_failed_total', value: 4 }],
    delay: '15s',
    recovery: '1h',
    labels: PROMETHEUS,
    summary: 'Prometheus prometheus:9090 cannot keep its data in order',
    description:
      'Storing, compacting or truncating data failed 6 times on Prometheus prometheus:9090 in the last hour, or damaged data were found. Its disk is full, slow or failing; soon it stores nothing more and no rule can be relied on.',
  },
  PrometheusTooManySeries: {
    fault: [{ metric: 'prometheus_tsdb_head_series', value: 3_000_000 }],
    labels: PROMETHEUS,
    summary: 'Prometheus prometheus:9090 holds 3M series',
    description:
      'Prometheus prometheus:9090 holds 3M series in memory (budget 1500000). Each takes a few kilobytes; when its memory runs out, all monitoring is gone. Look for a metric with ever new labels: topk(10, count by (__name__) ({__name__=~".+"})).',
  },
  PrometheusScrapesRejected: {
    fault: [{ metric: 'prometheus_target_scrapes_exceeded_sample_limit_total', value: 4 }],
    delay: '15s',
    recovery: '5m',
    labels: PROMETHEUS,
    summary: 'Prometheus prometheus:9090 throws scraped samples away',
    description:
      'In 5 minutes 20 scrapes or samples were refused by Prometheus prometheus:9090: a target gives more series than its limit allows, or two targets give the same series. Data are missing; its log names the target.',
  },
  AlertmanagerConfigReloadFailed: {
    fault: [{ metric: 'alertmanager_config_last_reload_successful', value: 0 }],
    labels: ALERTMANAGER,
    summary: 'Alertmanager alertmanager:9093 runs with an old configuration',
    description:
      'Alertmanager alertmanager:9093 could not load its configuration and goes on with the one before. Changed receivers and routes have no effect, and after a restart it would not come up at all.',
  },
  AlertmanagerNotificationsFailing: {
    fault: [
      { metric: 'alertmanager_notifications_failed_total', labels: { reason: 'serverError' }, value: 4 },
    ],
    delay: '15s',
    recovery: '15m',
    labels: { ...ALERTMANAGER, integration: 'webhook' },
    summary: 'Alertmanager alertmanager:9093 cannot notify through webhook',
    description:
      'In 15 minutes Alertmanager alertmanager:9093 gave up 2 notifications through webhook. People who are told that way hear nothing: check the address, the secret and the network of that receiver.',
  },
};
