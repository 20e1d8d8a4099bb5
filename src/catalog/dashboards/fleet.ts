/** Every server at a glance. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVERS } from './variables.ts';

export const FLEET_DASHBOARD: Dashboard = {
  slug: '00-fleet',
  uid: DASHBOARD_UIDS.fleet,
  title: '00-Fleet',
  question: 'Every server at a glance.',
  variables: [ENVIRONMENT, SERVERS],
  range: '6h',
  rows: [],
};
