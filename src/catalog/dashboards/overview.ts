/** One server: is it well. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVER } from './variables.ts';

export const OVERVIEW_DASHBOARD: Dashboard = {
  slug: '01-overview',
  uid: DASHBOARD_UIDS.overview,
  title: '01-Overview',
  question: 'One server: is it well.',
  variables: [ENVIRONMENT, SERVER],
  range: '6h',
  rows: [],
};
