/** Alerts that fire now. */

import { DASHBOARD_UIDS } from '../dashboard.ts';
import { query, stat, table } from '../house-look.ts';
import { CHOSEN_ALERTS, NO_ALERTMANAGER, NOTHING_FIRES } from '../stack-empty-when.ts';
import { anyIsBad } from '../thresholds.ts';
import { ZERO_ALERTS } from './scopes.ts';

const alerts = (matcher: string): string => `count(ALERTS{${CHOSEN_ALERTS}, ${matcher}}) or ${ZERO_ALERTS}`;

export const CRITICAL_NOW = stat({
  id: 'critical-now',
  title: 'Critical Alerts (count)',
  text: {
    shows: 'Alerts that fire now and need somebody at once.',
    normal: '0',
    action: 'Open the runbook of each: `pgmon runbook <name>` prints it.',
  },
  unit: 'short',
  queries: [query(alerts('alertstate="firing", severity="critical"'), 'critical')],
  width: 4,
  thresholds: anyIsBad('critical'),
});

export const WARNING_NOW = stat({
  id: 'warning-now',
  title: 'Warning and Info Alerts (count)',
  text: {
    shows: 'Alerts that fire now and can wait until working hours.',
    normal:
      '0. What causes one that is always there should be repaired, or its threshold changed for that server.',
    action: 'Open the runbook of each: `pgmon runbook <name>` prints it.',
  },
  unit: 'short',
  queries: [query(alerts('alertstate="firing", severity!="critical"'), 'warnings')],
  width: 4,
  thresholds: anyIsBad('warning'),
});

export const PENDING_NOW = stat({
  id: 'pending-now',
  title: 'Pending Alerts (count)',
  text: {
    shows: 'Alerts whose condition is true, but not yet for as long as they ask for.',
    normal: '0 to a few that come and go.',
    action: 'Nothing yet. Those that stay become alerts that fire.',
  },
  unit: 'short',
  queries: [query(alerts('alertstate="pending"'), 'pending')],
  width: 4,
});

export const SUPPRESSED_NOW = stat({
  id: 'suppressed-now',
  title: 'Silenced or Inhibited Alerts (count)',
  text: {
    shows:
      'Alerts of the whole stack that fire and that nobody is told of: silenced, or the consequence of another one.',
    normal: '0, more during maintenance and while a server is down.',
    action: 'See the silences in Alertmanager: end those that are no longer needed.',
  },
  unit: 'short',
  queries: [query('sum(alertmanager_alerts{state="suppressed"})', 'suppressed')],
  width: 4,
  emptyWhen: [NO_ALERTMANAGER],
});

export const NOTIFICATIONS_FAILED = stat({
  id: 'notifications-failed',
  title: 'Failed Notifications (count)',
  text: {
    shows: 'Notifications of the selected time that Alertmanager gave up.',
    normal: '0',
    action:
      'People were not told. Check address, secret and network of the receiver; `pgmon alert test` tries each.',
  },
  unit: 'short',
  decimals: 0,
  queries: [
    query(
      'sum(increase(alertmanager_notifications_failed_total{reason!="contextCanceled"}[$__range])) or max(alertmanager_integrations) * 0',
      'failed',
    ),
  ],
  width: 4,
  thresholds: anyIsBad('critical'),
  emptyWhen: [NO_ALERTMANAGER],
  alert: 'AlertmanagerNotificationsFailing',
});

export const RULE_FAILURES = stat({
  id: 'rule-failures',
  title: 'Failed Rule Evaluations (count)',
  text: {
    shows: 'Evaluations of rules that failed in the selected time. While a rule fails, its alert is silent.',
    normal: '0',
    action: 'The page Status, Rule health of Prometheus shows the rule and its error.',
  },
  unit: 'short',
  decimals: 0,
  queries: [query('sum(increase(prometheus_rule_evaluation_failures_total[$__range]))', 'failures')],
  width: 4,
  thresholds: anyIsBad('critical'),
  alert: 'PrometheusRuleFailures',
});

const BY = 'by (severity, alertname, environment, instance, datname)';
const FIRING = `ALERTS{${CHOSEN_ALERTS}, alertstate="firing"}`;

export const FIRING_ALERTS = table({
  id: 'firing-alerts',
  title: 'Alerts That Fire by Age (s)',
  text: {
    shows:
      'Every alert that fires now, for how long its condition has been true, and how many things of that server it is about (slots, file systems, sessions).',
    normal: 'Empty.',
    action:
      'The newest stand on top. Of those that began together the first is most often the cause. `pgmon runbook <name>` has the steps.',
  },
  unit: 's',
  columns: [
    { label: 'severity', header: 'Severity' },
    { label: 'alertname', header: 'Alert' },
    { label: 'environment', header: 'Environment' },
    {
      label: 'instance',
      header: 'Server',
      link: { title: 'Overview', dashboard: DASHBOARD_UIDS.overview, variables: { instance: 'instance' } },
    },
    { label: 'datname', header: 'Database' },
  ],
  queries: [
    query(`max ${BY} (time() - ALERTS_FOR_STATE{${CHOSEN_ALERTS}}) and count ${BY} (${FIRING})`, 'True for'),
    query(`count ${BY} (${FIRING})`, 'Things', { unit: 'short' }),
  ],
  isAscending: true,
  height: 8,
  emptyWhen: [NOTHING_FIRES],
});
