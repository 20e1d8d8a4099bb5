/** Whether alerts reach people: from the rules to Alertmanager, from there to the receivers. */
import { query, timeSeries } from '../house-look.ts';
import { NO_ALERTMANAGER, NO_RECEIVER } from '../stack-empty-when.ts';

const perMinute = (metric: string): string => `sum(rate(${metric}[$__rate_interval])) * 60`;

export const HANDED_OVER = timeSeries({
  id: 'handed-over',
  title: 'Alerts Sent to Alertmanager (per minute)',
  text: {
    shows:
      'What Prometheus sends to Alertmanager, and what fails or is thrown away on the way. Each alert is sent again about once a minute.',
    normal: 'Some sent (the alert that always fires is among them), none failed or dropped.',
    action: 'With failures nobody is told of anything: see whether Alertmanager runs and can be reached.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(perMinute('prometheus_notifications_sent_total'), 'sent'),
    query(perMinute('prometheus_notifications_errors_total'), 'failed'),
    query(perMinute('prometheus_notifications_dropped_total'), 'dropped'),
  ],
  width: 6,
  height: 7,
  alert: 'PrometheusNotificationsFailing',
});

export const AT_ALERTMANAGER = timeSeries({
  id: 'at-alertmanager',
  title: 'Alerts at Alertmanager by State (count)',
  text: {
    shows:
      'Alerts that Alertmanager holds: active ones are told, suppressed ones are silenced or inhibited by another alert. Silences are those in force.',
    normal: 'One active (it always fires), nothing suppressed, silences only during maintenance.',
    action: 'End silences that are no longer needed: they hide the next outage.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query('sum by (state) (alertmanager_alerts{state=~"active|suppressed"})', '{{state}}'),
    query('sum(alertmanager_silences{state="active"})', 'silences'),
  ],
  width: 6,
  height: 7,
  emptyWhen: [NO_ALERTMANAGER],
});

export const NOTIFICATIONS = timeSeries({
  id: 'notifications',
  title: 'Notifications by Integration (per minute)',
  text: {
    shows: 'Notifications that Alertmanager tried to send, and those that it gave up, by kind of receiver.',
    normal: 'Few, and none failed.',
    action: 'Check address, secret and network of the receiver that fails; `pgmon alert test` tries each.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(
      'sum by (integration) (rate(alertmanager_notifications_total[$__rate_interval])) * 60',
      '{{integration}} tried',
    ),
    query(
      'sum by (integration) (rate(alertmanager_notifications_failed_total{reason!="contextCanceled"}[$__rate_interval])) * 60',
      '{{integration}} failed',
    ),
  ],
  width: 6,
  height: 7,
  emptyWhen: [NO_ALERTMANAGER, NO_RECEIVER],
  alert: 'AlertmanagerNotificationsFailing',
});

export const RULE_FAILURES_OVER_TIME = timeSeries({
  id: 'rule-failures-over-time',
  title: 'Failed and Missed Rule Evaluations (per minute)',
  text: {
    shows:
      'Rules that could not be evaluated, and evaluations that were left out because the one before took too long.',
    normal: '0.',
    action: 'Alerts of those rules are silent or late. 12-Monitoring-Self shows which groups are slow.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(perMinute('prometheus_rule_evaluation_failures_total'), 'failed'),
    query(perMinute('prometheus_rule_group_iterations_missed_total'), 'missed'),
  ],
  width: 6,
  height: 7,
  alert: 'PrometheusRuleFailures',
});
