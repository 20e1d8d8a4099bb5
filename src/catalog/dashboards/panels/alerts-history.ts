/** Alerts of the selected time: when, how often, how long. */
import { query, states, table, timeSeries } from '../house-look.ts';
import { CHOSEN_ALERTS, NO_ALERT_IN_RANGE } from '../stack-empty-when.ts';
import { highIsBad } from '../thresholds.ts';
import { ZERO_ALERTS } from './scopes.ts';

const FIRING = `ALERTS{${CHOSEN_ALERTS}, alertstate="firing"}`;

export const ALERTS_OVER_TIME = states({
  id: 'alerts-over-time',
  title: 'Alerts over Time (state)',
  text: {
    shows: 'Which alerts were pending or firing when, on any of the chosen servers.',
    normal: 'Empty, or short pieces of "pending".',
    action: 'Alerts that begin together have one cause: look at the topmost and earliest first.',
  },
  unit: 'none',
  words: { 1: 'pending', 2: 'firing' },
  queries: [
    query(
      `max by (alertname) (2 * ${FIRING} or ALERTS{${CHOSEN_ALERTS}, alertstate="pending"})`,
      '{{alertname}}',
    ),
  ],
  width: 14,
  height: 8,
  emptyWhen: [NO_ALERT_IN_RANGE],
});

const count = (matcher: string, legend: string) =>
  query(`count(ALERTS{${CHOSEN_ALERTS}, ${matcher}}) or ${ZERO_ALERTS}`, legend);

export const ALERTS_BY_SEVERITY = timeSeries({
  id: 'alerts-by-severity',
  title: 'Alerts by Severity (count)',
  text: {
    shows: 'How many alerts fired or were pending.',
    normal: '0.',
    action: 'A step up of many at once is one outage: find its first alert.',
  },
  unit: 'short',
  min: 0,
  queries: [
    count('alertstate="firing", severity="critical"', 'critical'),
    count('alertstate="firing", severity="warning"', 'warning'),
    count('alertstate="firing", severity!~"critical|warning"', 'info'),
    count('alertstate="pending"', 'pending'),
  ],
  width: 10,
  height: 8,
});

const BY = 'by (alertname, severity)';

export const MOST_FREQUENT_ALERTS = table({
  id: 'most-frequent-alerts',
  title: 'Alerts of the Selected Time by Firing Time (s)',
  text: {
    shows:
      'For each alert: how long it fired on all servers together, how many servers it fired on, and how often its condition came true, whether or not it lasted long enough to fire.',
    normal: 'Empty, or few rows with small numbers.',
    action:
      'One that comes and goes often (flapping) needs a longer `for`, another threshold, or a repair; one that always fires teaches people to look away.',
  },
  unit: 's',
  columns: [
    { label: 'alertname', header: 'Alert' },
    { label: 'severity', header: 'Severity' },
  ],
  queries: [
    query(`sum ${BY} (sum_over_time(${FIRING}[$__range:1m])) * 60`, 'Fired for'),
    query(
      `count ${BY} (count by (alertname, severity, instance) (last_over_time(${FIRING}[$__range])))`,
      'Servers',
      { unit: 'short' },
    ),
    query(`sum ${BY} (changes(ALERTS_FOR_STATE{${CHOSEN_ALERTS}}[$__range]) + 1)`, 'Came true', {
      unit: 'short',
      thresholds: highIsBad(10, 50),
    }),
  ],
  height: 7,
  emptyWhen: [NO_ALERT_IN_RANGE],
});
