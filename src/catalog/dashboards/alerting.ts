/** What fires, and whether alerts arrive. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import {
  AT_ALERTMANAGER,
  HANDED_OVER,
  NOTIFICATIONS,
  RULE_FAILURES_OVER_TIME,
} from './panels/alerts-delivery.ts';
import { ALERTS_BY_SEVERITY, ALERTS_OVER_TIME, MOST_FREQUENT_ALERTS } from './panels/alerts-history.ts';
import {
  CRITICAL_NOW,
  FIRING_ALERTS,
  NOTIFICATIONS_FAILED,
  PENDING_NOW,
  RULE_FAILURES,
  SUPPRESSED_NOW,
  WARNING_NOW,
} from './panels/alerts-now.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const ALERTING_DASHBOARD: Dashboard = {
  slug: '07-alerting',
  uid: DASHBOARD_UIDS.alerting,
  title: '07-Alerting',
  question: 'What fires, and whether alerts arrive.',
  variables: [ENVIRONMENT, SERVERS],
  needs: 'prometheus-alerts',
  range: '6h',
  rows: [
    {
      title: 'Now',
      panels: [
        CRITICAL_NOW,
        WARNING_NOW,
        PENDING_NOW,
        SUPPRESSED_NOW,
        NOTIFICATIONS_FAILED,
        RULE_FAILURES,
        FIRING_ALERTS,
      ],
    },
    {
      title: 'In the selected time',
      panels: [ALERTS_OVER_TIME, ALERTS_BY_SEVERITY, MOST_FREQUENT_ALERTS],
    },
    {
      title: 'Do they arrive',
      panels: [HANDED_OVER, AT_ALERTMANAGER, NOTIFICATIONS, RULE_FAILURES_OVER_TIME],
    },
  ],
};
