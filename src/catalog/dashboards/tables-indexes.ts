/** Tables and indexes: size, growth, use. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import {
  DATABASE_SIZES,
  DATABASES_GROWTH,
  DATABASES_SIZE,
  TABLE_COUNT,
  TABLE_GROWTH,
} from './panels/database-sizes.ts';
import {
  INDEXES,
  INVALID_INDEXES,
  SEQUENCE_USE,
  SEQUENCES,
  SEQUENCES_UNREADABLE,
  UNUSED_INDEX_SIZE,
} from './panels/indexes.ts';
import { COSTLY_UPDATES, LARGEST_TABLES, WHOLE_SCANS } from './panels/tables.ts';
import { DEAD_ROWS_SHARE } from './panels/vacuum-tables.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const TABLES_INDEXES_DASHBOARD: Dashboard = {
  slug: '06-tables-indexes',
  uid: DASHBOARD_UIDS.tables,
  title: '06-Tables-Indexes',
  question: 'Tables and indexes: size, growth, use.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  needs: 'sql-exporter',
  range: '24h',
  rows: [
    {
      title: 'Sizes',
      panels: [
        DATABASES_SIZE,
        DATABASES_GROWTH,
        TABLE_COUNT,
        INVALID_INDEXES,
        UNUSED_INDEX_SIZE,
        SEQUENCE_USE,
        SEQUENCES_UNREADABLE,
        DEAD_ROWS_SHARE,
        DATABASE_SIZES,
        TABLE_GROWTH,
      ],
    },
    { title: 'Tables', panels: [LARGEST_TABLES, WHOLE_SCANS, COSTLY_UPDATES] },
    { title: 'Indexes and sequences', panels: [INDEXES, SEQUENCES] },
  ],
};
