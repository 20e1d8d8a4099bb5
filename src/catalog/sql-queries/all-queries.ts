/** Every query that pgmon's SQL exporter runs by itself. */
import { IO_QUERIES } from './io.ts';
import { KCACHE_QUERIES } from './kcache.ts';
import { PROGRESS_QUERIES } from './progress.ts';
import { REPLICA_QUERIES } from './replicas.ts';
import { SEQUENCE_QUERIES } from './sequences.ts';
import { SERVER_STATE_QUERIES } from './server-state.ts';
import { SESSION_COUNT_QUERIES } from './session-counts.ts';
import { SESSION_QUERIES } from './sessions.ts';
import type { SqlQuery } from './sql-query.ts';
import { SUBSCRIPTION_QUERIES } from './subscriptions.ts';
import { TABLE_QUERIES } from './tables.ts';
import { WAL_QUERIES } from './wal.ts';

export const SQL_QUERIES: readonly SqlQuery[] = [
  ...SESSION_QUERIES,
  ...SESSION_COUNT_QUERIES,
  ...SERVER_STATE_QUERIES,
  ...WAL_QUERIES,
  ...IO_QUERIES,
  ...PROGRESS_QUERIES,
  ...REPLICA_QUERIES,
  ...SUBSCRIPTION_QUERIES,
  ...KCACHE_QUERIES,
  ...TABLE_QUERIES,
  ...SEQUENCE_QUERIES,
];
