/** Who is connected, who waits, who blocks. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { NO_SQL_EXPORTER } from './empty-when.ts';
import type { Panel } from './panel.ts';
import { BY_APPLICATION, BY_DATABASE, BY_ROLE } from './panels/connections-limits.ts';
import { LOCK_TABLE, LOCKS_BY_MODE, WAITING, WHO_BLOCKS_WHOM } from './panels/connections-locks.ts';
import { SESSIONS_OPENED } from './panels/connections-sessions.ts';
import { OF_DATABASES } from './panels/scopes.ts';
import {
  activeByWait,
  blockedSessions,
  CONNECTIONS_FREE,
  CONNECTIONS_USED,
  idleInTransaction,
  longestLockWait,
  longestTransaction,
  oldestIdleInTransaction,
  stateShares,
} from './panels/sessions.ts';
import { DATABASE, ENVIRONMENT, SERVER } from './variables.ts';

const third = (panel: Panel): Panel => ({ ...panel, width: 8, height: 7 });
const NEEDS_SQL = [NO_SQL_EXPORTER];

export const CONNECTIONS_DASHBOARD: Dashboard = {
  slug: '03-connections',
  uid: DASHBOARD_UIDS.connections,
  title: '03-Connections',
  question: 'Who is connected, who waits, who blocks.',
  variables: [ENVIRONMENT, SERVER, DATABASE],
  range: '6h',
  rows: [
    {
      title: 'How full, and what is stuck',
      panels: [
        CONNECTIONS_USED,
        CONNECTIONS_FREE,
        blockedSessions(OF_DATABASES, NEEDS_SQL),
        longestLockWait(OF_DATABASES, NEEDS_SQL),
        longestTransaction(OF_DATABASES),
        oldestIdleInTransaction(OF_DATABASES),
        idleInTransaction(OF_DATABASES),
        LOCK_TABLE,
      ],
    },
    { title: 'Who blocks whom', panels: [WHO_BLOCKS_WHOM] },
    {
      title: 'Sessions over time',
      panels: [stateShares(OF_DATABASES), activeByWait(OF_DATABASES), SESSIONS_OPENED].map(third),
    },
    { title: 'Who holds them', panels: [BY_ROLE, BY_DATABASE, BY_APPLICATION] },
    { title: 'Locks', panels: [WAITING, LOCKS_BY_MODE].map((panel) => ({ ...panel, width: 12, height: 7 })) },
  ],
};
