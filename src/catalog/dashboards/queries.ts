/** Which statements cost the most. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { CHANGED_STATEMENTS, TOP_STATEMENTS } from './panels/statement-tables.ts';
import {
  MOST_CALLED,
  MOST_IO,
  MOST_ROWS,
  SLOWEST,
  STATEMENT_CALLS,
  STATEMENT_IO_SHARE,
  STATEMENT_MEAN_TIME,
  STATEMENT_TIME,
  STATEMENT_TOP_SHARE,
  STATEMENTS_EVICTED,
  TOP_STATEMENT_CALLS,
  TOP_STATEMENT_TIME,
} from './panels/statements.ts';
import { DATABASE, ENVIRONMENT, QUERY_ID, SERVER } from './variables.ts';

export const QUERIES_DASHBOARD: Dashboard = {
  slug: '04-queries',
  uid: DASHBOARD_UIDS.queries,
  title: '04-Queries',
  question: 'Which statements cost the most.',
  variables: [ENVIRONMENT, SERVER, DATABASE, QUERY_ID],
  range: '6h',
  rows: [
    {
      title: 'All statements',
      panels: [
        STATEMENT_TIME,
        STATEMENT_CALLS,
        STATEMENT_MEAN_TIME,
        STATEMENT_IO_SHARE,
        STATEMENT_TOP_SHARE,
        STATEMENTS_EVICTED,
        TOP_STATEMENT_TIME,
        TOP_STATEMENT_CALLS,
      ],
    },
    { title: 'Top statements', panels: [TOP_STATEMENTS, MOST_CALLED, SLOWEST, MOST_ROWS, MOST_IO] },
    { title: 'What changed', panels: [CHANGED_STATEMENTS] },
  ],
};
