/** The monitoring itself. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const MONITORING_SELF_DASHBOARD: Dashboard = {
  slug: '12-monitoring-self',
  uid: DASHBOARD_UIDS.self,
  title: '12-Monitoring-Self',
  question: 'The monitoring itself.',
  variables: [ENVIRONMENT, SERVERS],
  range: '6h',
  rows: [],
};
