/** Every alert, by family. */
import type { AlertDefinition, Family } from './alert.ts';
import { AVAILABILITY_ALERTS } from './availability.ts';
import { CHECKPOINTS_ALERTS } from './checkpoints.ts';
import { COLLECTION_ALERTS } from './collection.ts';
import { CONNECTIONS_ALERTS } from './connections.ts';
import { HOST_ALERTS } from './host.ts';
import { INTEGRITY_ALERTS } from './integrity.ts';
import { REPLICATION_ALERTS } from './replication.ts';
import { SESSIONS_ALERTS } from './sessions.ts';
import { STACK_ALERTS } from './stack.ts';
import { STORAGE_ALERTS } from './storage.ts';
import { TRANSACTIONS_ALERTS } from './transactions.ts';
import { VACUUM_ALERTS } from './vacuum.ts';
import { WAL_ALERTS } from './wal.ts';

export const ALERTS = {
  availability: AVAILABILITY_ALERTS,
  collection: COLLECTION_ALERTS,
  connections: CONNECTIONS_ALERTS,
  sessions: SESSIONS_ALERTS,
  transactions: TRANSACTIONS_ALERTS,
  replication: REPLICATION_ALERTS,
  wal: WAL_ALERTS,
  checkpoints: CHECKPOINTS_ALERTS,
  vacuum: VACUUM_ALERTS,
  integrity: INTEGRITY_ALERTS,
  storage: STORAGE_ALERTS,
  host: HOST_ALERTS,
  stack: STACK_ALERTS,
} as const satisfies Readonly<Record<Family, readonly AlertDefinition[]>>;
