/** Which selectors have no series on which servers of the version world, and why. What is not here must be there. */
import type { WatchedServer } from './version-world.ts';

export interface Absence {
  /** Matches the selector as the rule has it. */
  readonly selector: RegExp;
  readonly on: (server: Pick<WatchedServer, 'kind' | 'version'>) => boolean;
  readonly reason: string;
}

const isPrimary: Absence['on'] = ({ kind }) => kind === 'primary';
const notPrimary: Absence['on'] = (server) => !isPrimary(server);
const everywhere = () => true;

export const ABSENT_BY_DESIGN: readonly Absence[] = [
  {
    selector: /^(pg_stat_replication_|instance_application_name:pg_stat_replication)/,
    on: notPrimary,
    reason: 'no replica is connected',
  },
  {
    selector: /^pg_replication_(slots_(active|pg_wal_lsn_diff)|slot_safe_wal_size_bytes)$/,
    on: notPrimary,
    reason: 'no replication slot',
  },
  { selector: /_wal_status\{/, on: everywhere, reason: 'every slot has the WAL that it needs' },
  {
    selector: /^pg_replication_slots_safe_wal_size_bytes$/,
    on: everywhere,
    reason: 'the name from exporter 0.20 on',
  },
  {
    selector: /^pg_settings_reserved_connections$/,
    on: ({ version }) => version < 16,
    reason: 'since PostgreSQL 16',
  },
  { selector: /wait_event_type="Lock"/, on: notPrimary, reason: 'no session waits for a lock' },
  { selector: /state=~"idle in transaction/, on: notPrimary, reason: 'no session is idle in a transaction' },
  {
    selector: /^pg_stat_bgwriter_checkpoints_/,
    on: ({ version }) => version >= 17,
    reason: 'up to PostgreSQL 16',
  },
  { selector: /^pg_stat_checkpointer_/, on: ({ version }) => version < 17, reason: 'since PostgreSQL 17' },
  {
    selector: /^pgmon_checksum_/,
    on: ({ version }) => version < 18,
    reason: 'initdb turns checksums on since 18',
  },
  { selector: /^pgmon_(index_invalid|prepared_)/, on: notPrimary, reason: 'nothing of that kind' },
  {
    selector: /^pgmon_(replay_paused|wal_receiver_up)$/,
    on: ({ kind }) => kind !== 'replica',
    reason: 'replicas only',
  },
  {
    selector: /^pgmon_statements_dealloc_total$/,
    on: ({ kind, version }) => kind === 'empty' || version < 14,
    reason: 'since PostgreSQL 14, with pg_stat_statements',
  },
  {
    selector: /^pgmon_subscription_(enabled|worker_up|lag_seconds)$/,
    on: notPrimary,
    reason: 'no subscription, or no workers on a replica',
  },
  {
    selector: /^pgmon_subscription_errors_total$/,
    on: (server) => notPrimary(server) || server.version < 15,
    reason: 'since PostgreSQL 15, with a subscription',
  },
  { selector: /^pgmon_sequence_/, on: notPrimary, reason: 'no sequence, or a replica' },
  { selector: /^pgmon_table_(dead|live)_tuples$/, on: ({ kind }) => kind === 'empty', reason: 'no tables' },
  {
    selector: /^pgmon_table_bloat_/,
    on: notPrimary,
    reason: 'no tables, or a replica, which counts no rows',
  },
  {
    selector: /^pgmon_table_(vacuum|analyze)_ratio$/,
    on: notPrimary,
    reason: 'no tables, or no autovacuum on a replica',
  },
  {
    selector: /^table:pgmon_table_(dead_tuples|vacuum|analyze):ratio$/,
    on: notPrimary,
    reason: 'no table has dead or changed rows',
  },
  { selector: /^table:pgmon_table_bloat:ratio$/, on: everywhere, reason: 'no table wastes 256 MiB' },
];

/** There or not, as the load of the moment has it. */
export const EITHER_WAY: readonly RegExp[] = [
  /^instance:pg_stat_database_blks_hit:ratio_(rate5m_busy|avg7d)$/,
];

/** Selectors about the stack and its machine that a young stack without trouble lacks. */
export const ABSENT_STACK: readonly (readonly [selector: RegExp, reason: string])[] = [
  [/^alertmanager_notifications_failed_total/, 'no receiver in the spec'],
  [/_in24h$/, 'needs hours of samples'],
];

/** What the world provokes: these and no others give a result, without their duration. */
export const PROVOKED: Readonly<Record<WatchedServer['kind'], readonly string[]>> = {
  primary: [
    'PostgreSQLReplicationSlotInactive',
    'PostgreSQLHighTableBloat',
    'PostgreSQLAutovacuumBehind',
    'PostgreSQLAutoanalyzeBehind',
    'PostgreSQLInvalidIndex',
  ],
  replica: [],
  // pg_stat_statements is not loaded there.
  empty: ['PostgreSQLStatementsNotLoaded'],
};
/** Provoked too, but only after minutes. */
export const PROVOKED_LATER: readonly string[] = ['PostgreSQLLongLockWait', 'PostgreSQLIdleInTransaction'];
