/** Vacuum, dead rows and wraparound. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const VACUUM_DASHBOARD: Dashboard = {
  slug: '09-vacuum',
  uid: DASHBOARD_UIDS.vacuum,
  title: '09-Vacuum',
  question: 'Vacuum, dead rows and wraparound.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [],
};
