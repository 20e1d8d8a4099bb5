/** How fast and how hard a server works. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const PERFORMANCE_DASHBOARD: Dashboard = {
  slug: '02-performance',
  uid: DASHBOARD_UIDS.performance,
  title: '02-Performance',
  question: 'How fast and how hard a server works.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [],
};
