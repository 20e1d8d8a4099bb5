/** Who is connected, who waits, who blocks. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const CONNECTIONS_DASHBOARD: Dashboard = {
  slug: '03-connections',
  uid: DASHBOARD_UIDS.connections,
  title: '03-Connections',
  question: 'Who is connected, who waits, who blocks.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [],
};
