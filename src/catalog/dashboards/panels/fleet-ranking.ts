/** The servers of the fleet that stand out, and who was what when. */
import { DASHBOARD_UIDS } from '../dashboard.ts';
import type { EmptyWhen } from '../empty-when.ts';
import { bars, query, states } from '../house-look.ts';
import type { Panel, PanelText, Unit } from '../panel.ts';
import { highIsBad, LAG_SECONDS, type Thresholds } from '../thresholds.ts';
import { OF_FLEET, ofFleet } from './scopes.ts';

interface Ranking {
  readonly id: string;
  readonly title: string;
  readonly text: PanelText;
  readonly unit: Unit;
  /** A figure by `instance`. */
  readonly expr: string;
  readonly everySeconds?: 60;
  readonly thresholds?: Thresholds;
  readonly emptyWhen?: readonly EmptyWhen[];
  readonly alert?: string;
}

const rank = ({ expr, everySeconds, ...panel }: Ranking): Panel =>
  bars({
    ...panel,
    queries: [
      query(`topk(10, ${ofFleet(expr)})`, '{{instance}}', everySeconds === undefined ? {} : { everySeconds }),
    ],
    width: 6,
    links: [
      { title: 'Open the overview', dashboard: DASHBOARD_UIDS.overview, variables: { instance: 'instance' } },
    ],
  });

const NO_REPLICA: EmptyWhen = {
  reason: 'none of the servers is a replica',
  holds: `max(pg_replication_is_replica{${OF_FLEET}}) == 0`,
};

export const TOP_LAG = rank({
  id: 'top-lag',
  title: 'Longest Replication Lag (s)',
  text: {
    shows: 'The ten replicas that are furthest behind: age of the last transaction that they replayed.',
    normal:
      'Below a few seconds. A replica that lost its primary shows 0 here, but fires PostgreSQLReplicationBroken.',
    action: 'Open the server, then 05-Replication: is replay slow, paused, or held up by a query?',
  },
  unit: 's',
  expr: 'instance:pg_replication_lag_seconds:max',
  everySeconds: 60,
  thresholds: LAG_SECONDS,
  emptyWhen: [NO_REPLICA],
  alert: 'PostgreSQLReplicationLag',
});

export const TOP_CONNECTIONS = rank({
  id: 'top-connections',
  title: 'Most Connections (% of limit)',
  text: {
    shows:
      'The ten servers with the least room for new sessions: connections as a share of those that clients may use.',
    normal: 'Below 80 %.',
    action:
      'Open 03-Connections of the server: which application holds them, and are they idle? A pool may be missing.',
  },
  unit: 'percentunit',
  expr: 'instance:pg_stat_activity_count:ratio',
  thresholds: highIsBad(0.8, 0.95),
  alert: 'PostgreSQLTooManyConnections',
});

export const TOP_ROLLBACKS = rank({
  id: 'top-rollbacks',
  title: 'Most Rollbacks (% of transactions)',
  text: {
    shows:
      'The ten servers with the greatest share of transactions that were rolled back in the last 5 minutes.',
    normal: 'Below a few percent. On a server with hardly any transactions a high share means little.',
    action:
      'Errors, timeouts or an application that gives up: read the server log and the application log of that time.',
  },
  unit: 'percentunit',
  // A server without a transaction in five minutes has no share.
  expr: '(instance:pg_stat_database_xact_rollback:ratio_rate5m or on (instance) (instance:pg_up:bool == 1) * 0)',
  everySeconds: 60,
  thresholds: highIsBad(0.1, 0.5),
  alert: 'PostgreSQLHighRollbackRate',
});

const SIZE = 'instance:pg_database_size_bytes:sum';

export const TOP_GROWTH = rank({
  id: 'top-growth',
  title: 'Fastest Growth (bytes in the selected time)',
  text: {
    shows:
      'The ten servers whose databases grew most in the selected time. Of a server that is watched for less, against its smallest size.',
    normal: 'Growth that the disk stands for months.',
    action: 'Open 06-Tables-Indexes of the server: which table grows, and should it?',
  },
  unit: 'bytes',
  // Last minus first: delta would add what it guesses for the time before a new server's first sample.
  expr: `(${SIZE} - (${SIZE} offset $__range or min_over_time(${SIZE}[$__range])))`,
  everySeconds: 60,
  alert: 'PostgreSQLDatabaseSizeGrowing',
});

export const ROLES_OVER_TIME = states({
  id: 'roles-over-time',
  title: 'Role Over Time (primary, replica, no answer)',
  text: {
    shows: 'What each server was. Of many servers, the 20 that changed most in the selected time.',
    normal: 'Unbroken bars: one primary in each cluster, the others replicas.',
    action:
      'Where a replica becomes a primary, a failover took place: check that clients write to the new one and that the old one came back as its replica.',
  },
  unit: 'none',
  words: { 0: 'no answer', 1: 'replica', 2: 'primary' },
  width: 18,
  height: 8,
  queries: [
    query(
      `instance:pgmon_server_role:code and on (instance) topk(20, changes(instance:pgmon_server_role:code[$__range] @ end()) and on (instance) instance:up:declared{${OF_FLEET}} @ end())`,
      '{{instance}}',
      { everySeconds: 60 },
    ),
  ],
  alert: 'PostgreSQLRoleChanged',
});
