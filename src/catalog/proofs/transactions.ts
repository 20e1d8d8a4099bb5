/** Proofs of the alerts in `alerts/transactions.ts`. */
import type { Change, Proof } from './proof.ts';

const APP = { instance: 'app' };

const growth = (metric: string, value: number): readonly Change[] => [
  { metric: `pg_stat_database_${metric}`, labels: { ...APP, datname: 'app' }, value },
];

export const TRANSACTIONS_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLHighRollbackRate: {
    fault: growth('xact_rollback', 30_000),
    delay: '1m',
    recovery: '5m',
    labels: { datname: 'app' },
    summary: '33.33% of the transactions in app on app are rolled back',
    description:
      'In the database app on app 33.33% of the transactions of the last 5 minutes were rolled back (limit 10 %): statements fail, or the application gives up. The server log has the errors.',
  },
  PostgreSQLLowCacheHitRatio: {
    fault: growth('blks_read', 600_000),
    delay: '15s',
    recovery: '5m',
    labels: { datname: 'app' },
    summary: 'Cache hit ratio of app on app is 50%',
    description:
      'Shared buffers answer only 50% of the block reads in app on app (limit 95 %); the rest goes to the operating system. After a restart this is normal; otherwise a query reads much more than before, or shared_buffers is too small.',
  },
  PostgreSQLCacheHitDegradation: {
    fault: growth('blks_read', 600_000),
    warmup: '14d',
    step: '4m',
    delay: '17h',
    // The bad hours leave the week after seven days.
    recovery: '8d',
    labels: {},
    summary: 'Cache hit ratio of app fell by 5.321% in a week',
    description:
      'The mean cache hit ratio of app over the last seven days is 5.321% below that of the seven days before (limit 5 %). The working set outgrows the memory, or a query reads more than it did.',
  },
  PostgreSQLFrequentDeadlocks: {
    fault: growth('deadlocks', 6),
    warmup: '2h',
    delay: '45s',
    // The world has a deadlock now and then, so that the hour has to pass.
    recovery: '1h1m',
    labels: { datname: 'app' },
    summary: '7 deadlocks in an hour in app on app',
    description:
      'PostgreSQL ended 7 transactions in app on app in the last hour because they waited for each other (limit 5). The server log has both statements of each deadlock; take rows in the same order everywhere.',
  },
  PostgreSQLTempFiles: {
    fault: growth('temp_bytes', 1_200_000_000),
    delay: '2m30s',
    recovery: '5m',
    labels: { datname: 'app' },
    summary: 'Queries in app on app write 19.07MiB/s of temporary files',
    description:
      'Sorts and hashes in app on app do not fit into work_mem and write 19.07MiB per second to temporary files (limit 10 MiB per second). They are slow and can fill the disk.',
  },
  PostgreSQLStatementsEvicted: {
    fault: [{ metric: 'pgmon_statements_dealloc_total', labels: APP, value: 2 }],
    warmup: '2h',
    delay: '5m30s',
    recovery: '1h',
    labels: {},
    summary: 'pg_stat_statements of app is too small',
    description:
      'pg_stat_statements on app threw out its least used statements 120 times in the last hour (limit 12): figures per statement and for latency objectives lose data. Raise pg_stat_statements.max, or find the client that writes values into its SQL.',
  },
  PostgreSQLStatementsNotLoaded: {
    fault: [{ metric: 'pgmon_statements_loaded', labels: APP, value: 0 }],
    labels: {},
    summary: 'pg_stat_statements is not in use on app',
    description:
      'Without pg_stat_statements on app there are no figures per statement and no query latency. Add it to shared_preload_libraries, restart, and create the extension in the database that the monitoring role connects to.',
  },
};
