/** Tables and indexes: size, growth, use. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const TABLES_INDEXES_DASHBOARD: Dashboard = {
  slug: '06-tables-indexes',
  uid: DASHBOARD_UIDS.tables,
  title: '06-Tables-Indexes',
  question: 'Tables and indexes: size, growth, use.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [],
};
