/** Which panels `pgmon top` shows, and in which order. No queries: those are the panels' own. */
import { DASHBOARD_UIDS } from '../catalog/dashboards/dashboard.ts';
import type { FactPlace, FigurePlace, ListPlace, TallyPlace } from './place.ts';

const { overview, connections, queries, replication, fleet } = DASHBOARD_UIDS;

const fact = (key: string, panel: string, more: Partial<FactPlace> = {}): FactPlace => ({
  key,
  dashboard: overview,
  panel,
  prefix: '',
  label: null,
  ...more,
});

/** First line: what the server is. */
export const FACTS: readonly FactPlace[] = [
  fact('up', 'up'),
  fact('version', 'about', { prefix: 'PostgreSQL', label: 'version' }),
  fact('role', 'role'),
  fact('uptime', 'uptime', { prefix: 'uptime' }),
  fact('environment', 'about', { label: 'environment' }),
];

/** One line each: now, and the last half hour. */
export const FIGURES: readonly FigurePlace[] = [
  {
    key: 'connections',
    name: 'Connections used',
    from: [{ dashboard: overview, panel: 'connections-used', query: 0 }],
    join: 'max',
  },
  {
    key: 'commits',
    name: 'Transactions',
    from: [{ dashboard: overview, panel: 'transactions', query: 0 }],
    join: 'sum',
  },
  {
    key: 'rollbacks',
    name: 'Rolled back',
    from: [{ dashboard: overview, panel: 'rollback-share', query: 0 }],
    join: 'max',
  },
  {
    key: 'cacheHits',
    name: 'Cache hits',
    from: [{ dashboard: overview, panel: 'cache-hit', query: 0 }],
    join: 'min',
  },
  {
    key: 'meanStatementTime',
    name: 'Mean statement time',
    from: [{ dashboard: queries, panel: 'statement-mean-time', query: 0 }],
    join: 'max',
  },
  {
    key: 'longestTransaction',
    name: 'Longest transaction',
    from: [{ dashboard: overview, panel: 'longest-transaction', query: 0 }],
    join: 'max',
  },
  {
    key: 'blockedSessions',
    name: 'Blocked sessions',
    from: [{ dashboard: overview, panel: 'blocked-sessions', query: 0 }],
    join: 'sum',
  },
  {
    key: 'replicationLag',
    name: 'Replication lag',
    // A replica tells of its own, a primary of its replicas'.
    from: [
      { dashboard: overview, panel: 'replication-lag', query: 0 },
      { dashboard: replication, panel: 'replica-lag-seconds', query: 0 },
    ],
    join: 'max',
  },
  {
    key: 'replicationLagBytes',
    name: 'Replicas are behind',
    from: [{ dashboard: replication, panel: 'largest-replica-lag', query: 0 }],
    join: 'max',
  },
];

export const TALLIES: readonly TallyPlace[] = [
  {
    key: 'sessions',
    name: 'Sessions (of limit)',
    dashboard: overview,
    panel: 'connections-by-state',
    query: 0,
  },
  { key: 'waits', name: 'Active, waiting for', dashboard: overview, panel: 'active-sessions', query: 0 },
];

export const LISTS: readonly ListPlace[] = [
  {
    key: 'alerts',
    name: 'Firing alerts',
    dashboard: overview,
    panel: 'alerts',
    columns: [
      { label: 'alertname', header: 'Firing alert' },
      { label: 'severity', header: 'Severity' },
      { query: 0, header: 'For' },
      { label: 'datname', header: 'Database' },
    ],
    none: null,
  },
  {
    key: 'blocked',
    name: 'Who blocks whom',
    dashboard: connections,
    panel: 'who-blocks-whom',
    columns: [
      { label: 'blocked_pid', header: 'Blocked pid', isWhole: true },
      { query: 0, header: 'Waited' },
      { label: 'blocked_user', header: 'Role' },
      { label: 'blocking_pid', header: 'By pid', isWhole: true },
      { label: 'blocking_user', header: 'Role' },
      { label: 'lock', header: 'Lock' },
      { label: 'datname', header: 'Database' },
    ],
    none: null,
  },
  {
    key: 'queries',
    name: 'Top queries',
    dashboard: queries,
    panel: 'top-statements',
    columns: [
      { label: 'queryid', header: 'Top query (5 min)', isWhole: true },
      { query: 0, header: 'Time' },
      { query: 1, header: 'Share' },
      { query: 2, header: 'Calls' },
      { query: 3, header: 'Mean' },
      { label: 'user', header: 'Role' },
      { label: 'datname', header: 'Database' },
    ],
    none: 'no statement was counted in the last 5 minutes',
  },
];

/** Every server of the stack, to choose one. */
export const FLEET: ListPlace = {
  key: 'servers',
  name: 'Servers',
  dashboard: fleet,
  panel: 'servers',
  columns: [
    { label: 'instance', header: 'Server' },
    { query: 0, header: 'Up' },
    { query: 1, header: 'Alerts' },
    { query: 2, header: 'Connections' },
    { query: 3, header: 'Transactions' },
    { query: 5, header: 'Cache hits' },
    { query: 6, header: 'Lag' },
    { label: 'role', header: 'Role' },
    { label: 'version', header: 'Version' },
    { label: 'environment', header: 'Environment' },
  ],
  none: null,
};
