/** Every query that pgmon's SQL exporter runs by itself. */
import { SEQUENCE_QUERIES } from './sequences.ts';
import { SERVER_STATE_QUERIES } from './server-state.ts';
import { SESSION_QUERIES } from './sessions.ts';
import type { SqlQuery } from './sql-query.ts';
import { SUBSCRIPTION_QUERIES } from './subscriptions.ts';
import { TABLE_QUERIES } from './tables.ts';

export const SQL_QUERIES: readonly SqlQuery[] = [
  ...SESSION_QUERIES,
  ...SERVER_STATE_QUERIES,
  ...SUBSCRIPTION_QUERIES,
  ...TABLE_QUERIES,
  ...SEQUENCE_QUERIES,
];
