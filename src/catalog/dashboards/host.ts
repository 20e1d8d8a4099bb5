/** The machine below. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { HOST } from './variables.ts';

export const HOST_DASHBOARD: Dashboard = {
  slug: '10-host',
  uid: DASHBOARD_UIDS.host,
  title: '10-Host',
  question: 'The machine below.',
  variables: [HOST],
  needs: 'node-exporter',
  range: '6h',
  rows: [],
};
