/** What holds a server's users up, or soon will. */
import { NO_SQL_EXPORTER } from '../empty-when.ts';
import { query, stat } from '../house-look.ts';
import type { Panel } from '../panel.ts';
import { anyIsBad, IDS_USED } from '../thresholds.ts';
import { OF_ALL_DATABASES, OF_SERVER } from './scopes.ts';
import { blockedSessions, longestLockWait, longestTransaction, oldestIdleInTransaction } from './sessions.ts';
import { DEADLOCKS, ROLLBACK_SHARE } from './transactions.ts';

const pendingRestart = stat({
  id: 'pending-restart',
  title: 'Restart Needed (settings)',
  text: {
    shows: 'Settings that were changed in the files and take effect only after a restart.',
    normal: '0.',
    action:
      'Restart in a quiet hour, or take the change back: otherwise the next crash changes how the server behaves.',
  },
  unit: 'none',
  queries: [query(`max(pgmon_settings_pending_restart{${OF_SERVER}})`, 'settings', { everySeconds: 60 })],
  thresholds: anyIsBad('warning'),
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLPendingRestart',
});

const wraparound = stat({
  id: 'wraparound',
  title: 'Wraparound (%)',
  text: {
    shows:
      'Share of all transaction ids or multixact ids, whichever is more, that are used since the oldest row that vacuum has not frozen yet.',
    normal:
      'Below 20 %: by default autovacuum begins to freeze at 9 % of the transaction ids and at 19 % of the multixact ids.',
    action:
      'Above 25 % vacuum is off, too slow or held back by an old transaction or slot: see 09-Vacuum. At 100 % the server stops to accept writes.',
  },
  unit: 'percentunit',
  queries: [
    query(`max(instance:pg_database_wraparound_age:ratio{${OF_SERVER}})`, 'used', { everySeconds: 60 }),
  ],
  thresholds: IDS_USED,
  alert: 'PostgreSQLTransactionIdWraparoundImminent',
});

const NEEDS_SQL = [NO_SQL_EXPORTER];

export const OVERVIEW_PROBLEMS: readonly Panel[] = [
  blockedSessions(OF_ALL_DATABASES, NEEDS_SQL),
  longestLockWait(OF_ALL_DATABASES, NEEDS_SQL),
  longestTransaction(OF_ALL_DATABASES),
  oldestIdleInTransaction(OF_ALL_DATABASES),
  ROLLBACK_SHARE,
  DEADLOCKS,
  wraparound,
  pendingRestart,
];
