/** Proofs of the alerts in `alerts/integrity.ts`. */
import type { Change, Proof } from './proof.ts';

const APP = { instance: 'app' };

const becomes = (metric: string, value: number, labels: Change['labels'] = {}): readonly Change[] => [
  { metric, labels: { ...APP, ...labels }, value },
];
const SEQUENCE = { datname: 'app', schemaname: 'public', sequencename: 'orders_id_seq' };

export const INTEGRITY_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLChecksumFailures: {
    fault: becomes('pgmon_checksum_failures_total', 3),
    labels: { datname: 'app' },
    summary: 'Damaged pages in app on app',
    description:
      'PostgreSQL read 3 pages of app on app whose checksum is wrong: the storage changed or lost data. Keep the files as they are, check disk and backups, and plan a restore or a switch to a replica. The alert stays until the statistics of the database are reset.',
  },
  PostgreSQLSequenceNearEnd: {
    fault: becomes('pgmon_sequence_used_ratio', 0.8),
    labels: SEQUENCE,
    summary: 'Sequence public.orders_id_seq on app is 80% used',
    description:
      'The sequence public.orders_id_seq in app on app has given out 80% of its numbers (limit 75 %). At the end inserts fail; changing the column to bigint takes time, so start now.',
  },
  PostgreSQLSequenceExhausted: {
    fault: becomes('pgmon_sequence_used_ratio', 0.97),
    labels: SEQUENCE,
    summary: 'Sequence public.orders_id_seq on app is nearly used up (97%)',
    description:
      'The sequence public.orders_id_seq in app on app has given out 97% of its numbers (limit 95 %). Inserts are about to fail.',
  },
  PostgreSQLInvalidIndex: {
    fault: becomes('pgmon_index_invalid', 1),
    labels: { datname: 'app', schemaname: 'public', relname: 'orders', indexrelname: 'orders_placed_idx' },
    summary: 'Index orders_placed_idx on app is invalid',
    description:
      'The index public.orders_placed_idx of the table orders in app on app has been invalid for an hour: a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed. Queries do not use it, writes still pay for it. Drop or rebuild it.',
  },
  PostgreSQLInvalidDatabase: {
    fault: becomes('pg_database_connection_limit', -2, { datname: 'app' }),
    labels: { datname: 'app' },
    summary: 'Database app on app is the rest of a broken DROP DATABASE',
    description:
      'A DROP DATABASE app on app was interrupted. Nobody can connect to what is left, it takes disk space, and autovacuum cannot keep its transaction ids from ageing. Drop it again.',
  },
  PostgreSQLPendingRestart: {
    fault: becomes('pgmon_settings_pending_restart', 2),
    labels: {},
    summary: '2 settings of app wait for a restart',
    description:
      '2 settings of app were changed an hour ago or earlier and take effect only after a restart. The next unplanned restart will change how the server behaves.',
  },
  PostgreSQLDangerousSettings: {
    fault: becomes('pg_settings_fsync', 0),
    labels: { setting: 'fsync' },
    summary: 'Setting fsync of app is dangerous',
    description:
      'On app the setting fsync is off: data can be lost or damaged without notice, or tables grow until transaction ids run out.',
  },
};
