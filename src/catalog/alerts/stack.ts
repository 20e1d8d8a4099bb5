/** The monitoring stack itself. */
import { JOBS } from '../../conventions.ts';
import { type AlertDefinition, defineAlert } from './alert.ts';
import { PROMETHEUS_ALERTS } from './prometheus.ts';

export const STACK_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'Watchdog',
    scope: 'stack',
    expr: 'vector(1)',
    severity: 'none',
    summary: 'Alerting works',
    description: 'This alert always fires. When it stops arriving, the path from rule to receiver is broken.',
  }),
  defineAlert({
    name: 'ScrapeTargetDown',
    scope: 'stack',
    // Servers and their exporter have alerts of their own.
    expr: `up{job!~"${JOBS.postgresql}.*|${JOBS.postgresExporter}"} == 0`,
    for: '2m',
    severity: 'warning',
    summary: 'Target {{ $labels.instance }} of job {{ $labels.job }} cannot be scraped',
    description:
      'Prometheus got no metrics from {{ $labels.instance }} (job {{ $labels.job }}) for two minutes. That part of the stack is down or cannot be reached, and alerts on its metrics are silent.',
  }),
  defineAlert({
    name: 'StackServiceRestarting',
    scope: 'stack',
    // Targets are told by job: servers' own processes do not show here.
    expr: `changes(process_start_time_seconds{job!~"${JOBS.postgresql}.*"}[30m]) > <limit>`,
    threshold: { value: 3, unit: 'count' },
    keepFiringFor: '15m',
    severity: 'warning',
    summary: '{{ $labels.instance }} (job {{ $labels.job }}) keeps restarting',
    description:
      '{{ $labels.instance }} (job {{ $labels.job }}) was restarted {{ $value }} times in 30 minutes (limit <limit>). It may run out of the memory that its container has, or fail at start; its log says why.',
  }),
  ...PROMETHEUS_ALERTS,
  defineAlert({
    name: 'AlertmanagerConfigReloadFailed',
    scope: 'stack',
    expr: 'alertmanager_config_last_reload_successful == 0',
    for: '5m',
    severity: 'critical',
    needs: ['alertmanager'],
    summary: 'Alertmanager {{ $labels.instance }} runs with an old configuration',
    description:
      'Alertmanager {{ $labels.instance }} could not load its configuration and goes on with the one before. Changed receivers and routes have no effect, and after a restart it would not come up at all.',
  }),
  defineAlert({
    name: 'AlertmanagerNotificationsFailing',
    scope: 'stack',
    // A notification is given up after one group interval of tries; one that a reload ended is no failure.
    expr: 'sum without (reason) (increase(alertmanager_notifications_failed_total{reason!="contextCanceled"}[15m])) > 0',
    severity: 'critical',
    needs: ['alertmanager'],
    summary: 'Alertmanager {{ $labels.instance }} cannot notify through {{ $labels.integration }}',
    description:
      'In 15 minutes Alertmanager {{ $labels.instance }} gave up {{ $value | humanize }} notifications through {{ $labels.integration }}. People who are told that way hear nothing: check the address, the secret and the network of that receiver.',
  }),
];
