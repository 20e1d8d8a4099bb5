/** The healthy world: a busy primary `app` with clients in one database, as postgres_exporter's two processes show it. */
import { JOBS } from '../../conventions.ts';
import type { SimulatedSeries } from './proof.ts';
import { gauge } from './series.ts';

const OWN = { environment: 'demo', datacenter: 'local', cluster: 'main' };
const FAST = { job: JOBS.postgresql, instance: 'app', ...OWN };
const SLOW = { job: JOBS.postgresqlSlow, instance: 'app', ...OWN };
/** Metrics of the exporter's older half carry this up to 0.19. */
const OLD = { ...SLOW, server: 'app.example.com:5432' };

const SIGHT: readonly SimulatedSeries[] = [
  gauge('up', FAST, 1),
  gauge('up', SLOW, 1),
  gauge('scrape_duration_seconds', FAST, 0.05),
  gauge('scrape_duration_seconds', SLOW, 0.4),
  gauge('pg_up', FAST, 1),
  gauge('pg_exporter_last_scrape_error', FAST, 0),
  gauge('pg_exporter_last_scrape_error', SLOW, 0),
  gauge('pg_scrape_collector_success', { ...FAST, collector: 'stat_database' }, 1),
  ...['database', 'locks', 'postmaster', 'replication', 'roles', 'stat_statements', 'wal'].map((collector) =>
    gauge('pg_scrape_collector_success', { ...SLOW, collector }, 1),
  ),
  { ...gauge('pg_postmaster_start_time_seconds', SLOW, -864_000), started: 60 },
  gauge('pg_replication_is_replica', SLOW, 0),
];

const SETTINGS: readonly SimulatedSeries[] = Object.entries({
  max_connections: 100,
  superuser_reserved_connections: 3,
  reserved_connections: 0,
  max_locks_per_transaction: 64,
  max_prepared_transactions: 0,
  fsync: 1,
  full_page_writes: 1,
  autovacuum: 1,
  track_counts: 1,
  zero_damaged_pages: 0,
  ignore_checksum_failure: 0,
}).map(([name, value]) => gauge(`pg_settings_${name}`, OLD, value));

interface Session {
  readonly state: string;
  readonly usename?: string;
  readonly datname?: string;
  readonly application?: string;
  readonly wait?: readonly [type: string, event: string];
  readonly count: number;
  /** Age of the oldest transaction, seconds. */
  readonly seconds: number;
  /** There also when no client works. */
  readonly isAlways?: boolean;
}

function sessionSeries(session: Session): readonly SimulatedSeries[] {
  const { state, usename = 'app', datname = 'app', wait = ['', ''], count, seconds } = session;
  const labels = {
    ...OLD,
    datname,
    state,
    usename,
    application_name: session.application ?? (usename === '' ? '' : usename),
    backend_type: usename === '' ? '' : 'client backend',
    wait_event_type: wait[0],
    wait_event: wait[1],
  };
  const idle = session.isAlways === true ? {} : { idle: null };
  return [
    { ...gauge('pg_stat_activity_count', labels, count), ...idle },
    { ...gauge('pg_stat_activity_max_tx_duration', labels, seconds), ...idle },
  ];
}

const SESSIONS: readonly Session[] = [
  { state: 'active', count: 5, seconds: 0.2 },
  { state: 'active', wait: ['Lock', 'transactionid'], count: 1, seconds: 0.1 },
  { state: 'idle', wait: ['Client', 'ClientRead'], count: 20, seconds: 0 },
  { state: 'idle in transaction', wait: ['Client', 'ClientRead'], count: 1, seconds: 0.05 },
  // A dump runs for hours and is no fault.
  { state: 'active', usename: 'backup', application: 'pg_dump', count: 1, seconds: 7200 },
  { state: 'idle', usename: 'pgmon', datname: 'postgres', count: 2, seconds: 0, isAlways: true },
  // The exporter's rows for states that nobody is in.
  { state: 'disabled', usename: '', count: 0, seconds: 0, isAlways: true },
  { state: 'idle in transaction (aborted)', usename: '', count: 0, seconds: 0, isAlways: true },
];

const LOCKS: readonly SimulatedSeries[] = [
  { ...gauge('pg_locks_count', { ...SLOW, datname: 'app', mode: 'accesssharelock' }, 40), idle: 0 },
  { ...gauge('pg_locks_count', { ...SLOW, datname: 'app', mode: 'rowexclusivelock' }, 20), idle: 0 },
];

const LIMITS: readonly SimulatedSeries[] = [
  gauge('pg_roles_connection_limit', { ...SLOW, rolname: 'app' }, 50),
  gauge('pg_roles_connection_limit', { ...SLOW, rolname: 'backup' }, -1),
  gauge('pg_roles_connection_limit', { ...SLOW, rolname: 'pg_monitor' }, -1),
  gauge('pg_roles_connection_limit', { ...SLOW, rolname: 'pgmon' }, 5),
  gauge('pg_database_connection_limit', { ...SLOW, datname: 'app' }, 60),
  gauge('pg_database_connection_limit', { ...SLOW, datname: 'postgres' }, -1),
  gauge('pg_database_connection_limit', { ...SLOW, datname: 'template0' }, -1),
  gauge('pg_database_size_bytes', { ...SLOW, datname: 'app' }, 20_000_000_000),
  gauge('pg_database_size_bytes', { ...SLOW, datname: 'postgres' }, 8_000_000),
];

/** Growth per minute in the clients' database; the other one is the exporter's, and a template has none. */
const COUNTERS: readonly SimulatedSeries[] = Object.entries({
  blks_hit: [600_000, 600],
  blks_read: [3000, 0],
  xact_commit: [60_000, 40],
  xact_rollback: [600, 4],
  deadlocks: [0.02, 0],
  temp_bytes: [6_000_000, 0],
} as const).flatMap(([name, [app, postgres]]) =>
  (
    [
      ['16432', 'app', app],
      ['5', 'postgres', postgres],
      ['4', 'template0', 0],
    ] as const
  ).map(
    ([datid, datname, value]): SimulatedSeries => ({
      metric: `pg_stat_database_${name}`,
      labels: { ...FAST, datid, datname },
      kind: 'counter',
      value,
    }),
  ),
);

export const POSTGRES_WORLD: readonly SimulatedSeries[] = [
  ...SIGHT,
  ...SETTINGS,
  ...SESSIONS.flatMap(sessionSeries),
  ...LOCKS,
  ...LIMITS,
  ...COUNTERS,
];
