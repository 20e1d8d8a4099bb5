/** What fires, and whether alerts arrive. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const ALERTING_DASHBOARD: Dashboard = {
  slug: '07-alerting',
  uid: DASHBOARD_UIDS.alerting,
  title: '07-Alerting',
  question: 'What fires, and whether alerts arrive.',
  variables: [ENVIRONMENT, SERVERS],
  range: '6h',
  rows: [],
};
