/** Which statements cost the most. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const QUERIES_DASHBOARD: Dashboard = {
  slug: '04-queries',
  uid: DASHBOARD_UIDS.queries,
  title: '04-Queries',
  question: 'Which statements cost the most.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [],
};
