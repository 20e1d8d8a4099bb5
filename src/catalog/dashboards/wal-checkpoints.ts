/** WAL, checkpoints and archiving. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { ENVIRONMENT, SERVER } from './variables.ts';

export const WAL_CHECKPOINTS_DASHBOARD: Dashboard = {
  slug: '08-wal-checkpoints',
  uid: DASHBOARD_UIDS.wal,
  title: '08-WAL-Checkpoints',
  question: 'WAL, checkpoints and archiving.',
  variables: [ENVIRONMENT, SERVER],
  range: '6h',
  rows: [],
};
