/** How fast and how hard a server works. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import type { Panel } from './panel.ts';
import {
  IO_TIME,
  MACHINE_CPU,
  READS_BY_PROCESS,
  STATEMENT_CPU,
  WRITES_BY_PROCESS,
} from './panels/performance-io.ts';
import {
  BLOCKS_READ,
  DEADLOCKS_BY_DATABASE,
  ROLLBACKS_BY_DATABASE,
  ROWS,
  TRANSACTIONS_BY_DATABASE,
  TRANSACTIONS_COMPARED,
} from './panels/performance-work.ts';
import { OF_DATABASES } from './panels/scopes.ts';
import { activeByWait } from './panels/sessions.ts';
import { cacheHitByDatabase, tempBytes } from './panels/transactions.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

const sized = (panel: Panel, width: number): Panel => ({ ...panel, width, height: 7 });

export const PERFORMANCE_DASHBOARD: Dashboard = {
  slug: '02-performance',
  uid: DASHBOARD_UIDS.performance,
  title: '02-Performance',
  question: 'How fast and how hard a server works.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [
    { title: 'Work', panels: [TRANSACTIONS_BY_DATABASE, TRANSACTIONS_COMPARED] },
    {
      title: 'What it waits for, and what goes wrong',
      panels: [sized(activeByWait(OF_DATABASES), 12), ROLLBACKS_BY_DATABASE, DEADLOCKS_BY_DATABASE],
    },
    {
      title: 'Rows and cache',
      panels: [ROWS, sized(cacheHitByDatabase(OF_DATABASES), 8), BLOCKS_READ],
    },
    {
      title: 'Reads and writes',
      panels: [READS_BY_PROCESS, WRITES_BY_PROCESS, IO_TIME, sized(tempBytes(OF_DATABASES), 6)],
    },
    { title: 'Processors', panels: [MACHINE_CPU, STATEMENT_CPU] },
  ],
};
