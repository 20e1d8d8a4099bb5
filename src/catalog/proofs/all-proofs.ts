/** Every proof, by family, and the one world in which they play. */
import type { Family } from '../alerts/alert.ts';
import { AVAILABILITY_PROOFS } from './availability.ts';
import { CHECKPOINTS_PROOFS } from './checkpoints.ts';
import { COLLECTION_PROOFS } from './collection.ts';
import { CONNECTIONS_PROOFS } from './connections.ts';
import { HOST_PROOFS } from './host.ts';
import { INTEGRITY_PROOFS } from './integrity.ts';
import type { Proof, SimulatedSeries } from './proof.ts';
import { REPLICATION_PROOFS } from './replication.ts';
import { SESSIONS_PROOFS } from './sessions.ts';
import { STACK_PROOFS } from './stack.ts';
import { STORAGE_PROOFS } from './storage.ts';
import { TRANSACTIONS_PROOFS } from './transactions.ts';
import { VACUUM_PROOFS } from './vacuum.ts';
import { WAL_PROOFS } from './wal.ts';
import { HOST_WORLD } from './world-host.ts';
import { POSTGRES_WORLD } from './world-postgres.ts';
import { REPLICATION_WORLD } from './world-replication.ts';
import { SQL_WORLD } from './world-sql.ts';
import { STACK_WORLD } from './world-stack.ts';
import { VACUUM_WORLD } from './world-vacuum.ts';

/** By family, then by alert name. */
export const PROOFS = {
  availability: AVAILABILITY_PROOFS,
  collection: COLLECTION_PROOFS,
  connections: CONNECTIONS_PROOFS,
  sessions: SESSIONS_PROOFS,
  transactions: TRANSACTIONS_PROOFS,
  replication: REPLICATION_PROOFS,
  wal: WAL_PROOFS,
  checkpoints: CHECKPOINTS_PROOFS,
  vacuum: VACUUM_PROOFS,
  integrity: INTEGRITY_PROOFS,
  storage: STORAGE_PROOFS,
  host: HOST_PROOFS,
  stack: STACK_PROOFS,
} as const satisfies Readonly<Record<Family, Readonly<Record<string, Proof>>>>;

/** Everything that Prometheus would hold about a healthy stack. */
export const WORLD: readonly SimulatedSeries[] = [
  ...POSTGRES_WORLD,
  ...SQL_WORLD,
  ...REPLICATION_WORLD,
  ...VACUUM_WORLD,
  ...HOST_WORLD,
  ...STACK_WORLD,
];
