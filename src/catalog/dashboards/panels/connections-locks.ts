/** Who waits for whom, and how many locks there are. */
import { NO_SQL_EXPORTER, NOBODY_BLOCKED } from '../empty-when.ts';
import { query, stat, table, timeSeries } from '../house-look.ts';
import { highIsBad } from '../thresholds.ts';
import { OF_DATABASES, OF_SERVER } from './scopes.ts';

const minute = { everySeconds: 60 } as const;

export const LOCK_TABLE = stat({
  id: 'lock-table',
  title: 'Lock Table Used (%)',
  text: {
    shows:
      'Locks held as a share of those that fit into shared memory: max_locks_per_transaction times connections.',
    normal: 'Below 20 %.',
    action:
      'Full, statements fail with "out of shared memory". Find transactions that touch very many tables or partitions, or raise max_locks_per_transaction.',
  },
  unit: 'percentunit',
  queries: [query(`max(instance:pg_locks_count:ratio{${OF_SERVER}})`, 'used', minute)],
  thresholds: highIsBad(0.5, 0.8),
  alert: 'PostgreSQLLockTableUsage',
});

export const WAITING = timeSeries({
  id: 'lock-waits',
  title: 'Sessions in Lock Waits (sessions)',
  text: {
    shows:
      'Blocked = sessions that wait for a lock of another one. Blocking = sessions that others wait for. Looked at once a minute.',
    normal: '0, with short peaks.',
    action: 'One blocking and many blocked: it is all about that one session; the table above names it.',
  },
  unit: 'none',
  width: 8,
  queries: [
    query(`sum(pgmon_blocked_sessions{${OF_DATABASES}})`, 'blocked', minute),
    query(`sum(pgmon_blocking_sessions{${OF_DATABASES}})`, 'blocking', minute),
  ],
  min: 0,
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLBlockedSessions',
});

export const LOCKS_BY_MODE = timeSeries({
  id: 'locks-by-mode',
  title: 'Locks by Mode (locks)',
  text: {
    shows:
      'Locks on tables and other things, held or waited for, by mode. Reading takes AccessShare, writing RowExclusive.',
    normal: 'Mostly accesssharelock and rowexclusivelock, as many as there is work.',
    action:
      'accessexclusivelock stops everybody, even readers: ALTER TABLE, TRUNCATE, VACUUM FULL and the like. Run those with a lock_timeout and in quiet hours.',
  },
  unit: 'none',
  width: 8,
  queries: [query(`sum by (mode) (pg_locks_count{${OF_DATABASES}})`, '{{mode}}', minute)],
  isStacked: true,
  min: 0,
});

export const WHO_BLOCKS_WHOM = table({
  id: 'who-blocks-whom',
  title: 'Who Blocks Whom (seconds waited)',
  text: {
    shows:
      'The 20 longest waits for a lock of another session, with the processes on both sides. Process 0 is a prepared transaction. Looked at once a minute.',
    normal: 'Empty.',
    action:
      'A process that blocks and is not blocked itself is the head of the queue. SELECT * FROM pg_stat_activity WHERE pid = … shows what it does. Ask its owner before you end it: pg_cancel_backend(pid) stops its statement, pg_terminate_backend(pid) ends the session, and its work is rolled back.',
  },
  unit: 's',
  height: 7,
  columns: [
    { label: 'datname', header: 'Database' },
    { label: 'blocked_pid', header: 'Waiting Process' },
    { label: 'blocked_user', header: 'Waiting Role' },
    { label: 'blocking_pid', header: 'Blocking Process' },
    { label: 'blocking_user', header: 'Blocking Role' },
    { label: 'lock', header: 'Lock' },
  ],
  queries: [
    query(
      `max by (datname, blocked_pid, blocked_user, blocking_pid, blocking_user, lock) (pgmon_blocked_pair_seconds{${OF_DATABASES}})`,
      'Waited',
      { ...minute, unit: 's', thresholds: highIsBad(10, 120) },
    ),
  ],
  emptyWhen: [NOBODY_BLOCKED, NO_SQL_EXPORTER],
  alert: 'PostgreSQLLongLockWait',
});
