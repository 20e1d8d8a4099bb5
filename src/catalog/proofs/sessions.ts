/** Proofs of the alerts in `alerts/sessions.ts`. */
import type { Change, Proof } from './proof.ts';

const APP = { instance: 'app' };
const OF_CLIENTS = { ...APP, usename: 'app' };

const oldestTransaction = (state: string, value: number): readonly Change[] => [
  {
    metric: 'pg_stat_activity_max_tx_duration',
    labels: { ...OF_CLIENTS, state, wait_event_type: state === 'active' ? '' : 'Client' },
    value,
  },
];

export const SESSIONS_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLIdleInTransaction: {
    fault: oldestTransaction('idle in transaction', 420),
    labels: { datname: 'app', usename: 'app' },
    summary: 'A transaction of app on app has been open and idle for 7m 0s',
    description:
      'A session of app in the database app on app does nothing inside a transaction that began 7m 0s ago (limit 5 min). It keeps its locks and keeps vacuum from removing dead rows.',
  },
  PostgreSQLLongTransaction: {
    fault: oldestTransaction('active', 3600),
    labels: { datname: 'app', usename: 'app' },
    summary: 'A transaction of app on app has been open for 1h 0m 0s',
    description:
      'The oldest transaction of app in the database app on app began 1h 0m 0s ago (limit 30 min). It keeps vacuum from removing rows that died since, and its locks stay.',
  },
  PostgreSQLBlockedSessions: {
    fault: [{ metric: 'pg_stat_activity_count', labels: { ...APP, wait_event_type: 'Lock' }, value: 7 }],
    labels: { datname: 'app' },
    summary: '7 sessions wait for locks on app',
    description:
      '7 sessions in the database app on app wait for locks that others hold (limit 5). Find the session at the head of the queue: often a schema change or an idle transaction.',
  },
  PostgreSQLLongLockWait: {
    fault: [{ metric: 'pgmon_blocked_seconds_max', labels: APP, value: 200 }],
    labels: { datname: 'app' },
    summary: 'A session on app has waited for a lock for 3m 20s',
    description:
      'In the database app on app a session has waited for 3m 20s for a lock that another session holds (limit 2 min).',
  },
  PostgreSQLLockTableUsage: {
    fault: [{ metric: 'pg_locks_count', labels: { ...APP, mode: 'accesssharelock' }, value: 3980 }],
    labels: {},
    summary: 'The lock table of app is 62.5% full',
    description:
      'Sessions of app hold 62.5% of the locks that fit into shared memory (limit 50 %). When it is full, statements fail with "out of shared memory". Usual cause: transactions that touch very many tables or partitions.',
  },
  PostgreSQLOldPreparedTransaction: {
    fault: [{ metric: 'pgmon_prepared_transaction_age_seconds', labels: APP, value: 7200 }],
    labels: { datname: 'app' },
    summary: 'A prepared transaction on app has been waiting for 2h 0m 0s',
    description:
      'In the database app on app a transaction was prepared 2h 0m 0s ago (limit 1 h) and neither committed nor rolled back. It holds locks and holds vacuum back, also after a restart.',
  },
  PostgreSQLOldXminHorizon: {
    fault: [
      { metric: 'pgmon_xmin_age_transactions', labels: { ...APP, holder: 'transaction' }, value: 20_000_000 },
    ],
    labels: { holder: 'transaction' },
    summary: 'Vacuum on app is held back by 20M transactions (transaction)',
    description:
      'The oldest snapshot on app is 20M transactions old (limit 10000000); a transaction holds it. Vacuum cannot remove rows that died since: tables grow and, in the end, transaction ids run out.',
  },
};
