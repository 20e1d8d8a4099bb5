/** Replicas, slots and how far behind they are. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVER } from './variables.ts';

export const REPLICATION_DASHBOARD: Dashboard = {
  slug: '05-replication',
  uid: DASHBOARD_UIDS.replication,
  title: '05-Replication',
  question: 'Replicas, slots and how far behind they are.',
  variables: [ENVIRONMENT, SERVER],
  range: '6h',
  rows: [],
};
