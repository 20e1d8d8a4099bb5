/** Vacuum, dead rows and wraparound. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import {
  DEAD_ROWS_SHARE,
  FREEZE_AGE_BY_TABLE,
  MOST_DEAD_ROWS,
  TABLES_BEHIND,
  VACUUM_QUEUE,
} from './panels/vacuum-tables.ts';
import {
  AUTOVACUUM_ON,
  HORIZON,
  HORIZON_HOLDERS,
  VACUUM_PROGRESS,
  WORKERS_IN_USE,
} from './panels/vacuum-work.ts';
import {
  MULTIXACT_AGE,
  MULTIXACT_AGES,
  WRAPAROUND_FORECAST,
  XID_AGE,
  XID_AGES,
} from './panels/wraparound.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

export const VACUUM_DASHBOARD: Dashboard = {
  slug: '09-vacuum',
  uid: DASHBOARD_UIDS.vacuum,
  title: '09-Vacuum',
  question: 'Vacuum, dead rows and wraparound.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '24h',
  rows: [
    {
      title: 'Wraparound and work',
      panels: [
        XID_AGE,
        MULTIXACT_AGE,
        WRAPAROUND_FORECAST,
        HORIZON,
        WORKERS_IN_USE,
        TABLES_BEHIND,
        DEAD_ROWS_SHARE,
        AUTOVACUUM_ON,
        XID_AGES,
        MULTIXACT_AGES,
      ],
    },
    { title: 'What vacuum does and what holds it back', panels: [HORIZON_HOLDERS, VACUUM_PROGRESS] },
    { title: 'Tables', panels: [VACUUM_QUEUE, MOST_DEAD_ROWS, FREEZE_AGE_BY_TABLE] },
  ],
};
