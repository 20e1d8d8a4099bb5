/** Panels about sessions, for a whole server or for chosen databases of it. */
import { query, stat, timeSeries } from '../house-look.ts';
import type { Panel } from '../panel.ts';
import { anyIsBad, highIsBad, lowIsBad } from '../thresholds.ts';
import { CLIENTS, OF_SERVER } from './scopes.ts';

const minute = { everySeconds: 60 } as const;
const USABLE = `instance:pg_settings_max_connections:usable{${OF_SERVER}}`;
const IDLE_IN_TRANSACTION = 'state=~"idle in transaction.*"';

/** Of the whole server, whatever databases are chosen: the limit is the server's. */
export const CONNECTIONS_USED: Panel = stat({
  id: 'connections-used',
  title: 'Connections Used (%)',
  text: {
    shows:
      'Connections of clients as a share of those they may use: max_connections without the reserved ones.',
    normal: 'Below 80 %, and steady.',
    action:
      'At 100 % logins fail. Find who holds the connections in 03-Connections; idle ones call for a connection pool, not for a higher limit.',
  },
  unit: 'percentunit',
  queries: [query(`instance:pg_stat_activity_count:ratio{${OF_SERVER}}`, 'used')],
  thresholds: highIsBad(0.8, 0.95),
  hasSparkline: true,
  alert: 'PostgreSQLTooManyConnections',
});

export const CONNECTIONS_FREE: Panel = stat({
  id: 'connections-free',
  title: 'Free Connections (count)',
  text: {
    shows: 'Sessions that clients may still open on this server.',
    normal: 'More than a deployment needs while old and new instances of the application run side by side.',
    action:
      'Few left: make pools smaller, or put a pooler such as PgBouncer in front. Raising max_connections takes a restart and memory.',
  },
  unit: 'none',
  queries: [
    query(
      `max(instance:pg_settings_max_connections:usable{${OF_SERVER}}) - max(instance:pg_stat_activity_count:sum{${OF_SERVER}})`,
      'free',
    ),
  ],
  thresholds: lowIsBad(5, 15),
  alert: 'PostgreSQLConnectionsExhausted',
});

/** What sessions that work are busy with. */
export const activeByWait = (scope: string): Panel =>
  timeSeries({
    id: 'active-sessions',
    title: 'Active Sessions by What They Wait For (sessions)',
    text: {
      shows:
        'Sessions that run a statement, parallel workers and autovacuum among them, looked at once a minute, by what they wait for. CPU = they wait for nothing: they compute, or wait for a processor.',
      normal: 'Mostly CPU and a little IO, and fewer sessions than the machine has processors.',
      action:
        'Lock: see who blocks whom in 03-Connections. IO: the data does not fit into memory, or a query reads too much. LWLock: too many sessions at once. Client: the application is slow to take rows.',
    },
    unit: 'none',
    queries: [
      query(
        `sum by (wait_event_type) (label_replace(pg_stat_activity_count{${scope}, state="active"}, "wait_event_type", "CPU", "wait_event_type", ""))`,
        '{{wait_event_type}}',
        minute,
      ),
    ],
    isStacked: true,
    min: 0,
  });

export const stateShares = (scope: string): Panel =>
  timeSeries({
    id: 'connections-by-state',
    title: 'Connections by State (% of limit)',
    text: {
      shows:
        'What the sessions of clients do, each state as a share of the connections that clients may use.',
      normal: 'Mostly idle or active, with room above. "Idle in transaction" is close to nothing.',
      action:
        'Much idle: make pools smaller. Much "idle in transaction": the application opens transactions and then does something else. Much active: look at the waits.',
    },
    unit: 'percentunit',
    queries: [
      query(
        `sum by (state) (sum by (instance, state) (pg_stat_activity_count{${scope}, ${CLIENTS}, state!~"disabled|fastpath function call"}) / on (instance) group_left () ${USABLE})`,
        '{{state}}',
        minute,
      ),
    ],
    isStacked: true,
    min: 0,
    max: 1,
    alert: 'PostgreSQLTooManyConnections',
  });

export const longestTransaction = (scope: string): Panel =>
  stat({
    id: 'longest-transaction',
    title: 'Longest Transaction (s)',
    text: {
      shows: 'Age of the oldest transaction that a client has open.',
      normal: 'Seconds in a web application; minutes while a report or a dump runs.',
      action:
        'While it is open, vacuum cannot remove rows that died since, and its locks stay. 03-Connections shows which role and database it is; ask its owner before you end it, as its work is rolled back then.',
    },
    unit: 's',
    queries: [query(`max(pg_stat_activity_max_tx_duration{${scope}, ${CLIENTS}})`, 'oldest', minute)],
    thresholds: highIsBad(300, 1800),
    alert: 'PostgreSQLLongTransaction',
  });

export const oldestIdleInTransaction = (scope: string): Panel =>
  stat({
    id: 'idle-in-transaction-age',
    title: 'Idle in Transaction (s)',
    text: {
      shows: 'Age of the oldest transaction whose session does nothing just now; 0 when there is none.',
      normal: 'Below a second or two.',
      action:
        'The application holds a transaction open while it does something else, such as a call to another service. Commit first; idle_in_transaction_session_timeout ends such sessions.',
    },
    unit: 's',
    queries: [
      query(`max(pg_stat_activity_max_tx_duration{${scope}, ${IDLE_IN_TRANSACTION}})`, 'oldest', minute),
    ],
    thresholds: highIsBad(60, 300),
    alert: 'PostgreSQLIdleInTransaction',
  });

export const idleInTransaction = (scope: string): Panel =>
  stat({
    id: 'idle-in-transaction',
    title: 'Idle Transactions (count)',
    text: {
      shows: 'Sessions that have a transaction open and do nothing in it just now, looked at once a minute.',
      normal: 'A few: every application is between two statements now and then.',
      action: 'When they stay, look at their age beside this number: the application forgot to commit.',
    },
    unit: 'none',
    queries: [query(`sum(pg_stat_activity_count{${scope}, ${IDLE_IN_TRANSACTION}})`, 'idle', minute)],
    hasSparkline: true,
  });

export const blockedSessions = (scope: string, emptyWhen: Panel['emptyWhen']): Panel =>
  stat({
    id: 'blocked-sessions',
    title: 'Blocked Sessions (count)',
    text: {
      shows: 'Sessions that wait for a lock which another session holds.',
      normal: '0, or a few for moments.',
      action:
        '03-Connections shows who blocks whom. The one at the head of the queue is often a schema change or a forgotten transaction.',
    },
    unit: 'none',
    queries: [query(`sum(pgmon_blocked_sessions{${scope}})`, 'blocked', minute)],
    thresholds: anyIsBad('warning'),
    emptyWhen,
    alert: 'PostgreSQLBlockedSessions',
  });

export const longestLockWait = (scope: string, emptyWhen: Panel['emptyWhen']): Panel =>
  stat({
    id: 'longest-lock-wait',
    title: 'Longest Lock Wait (s)',
    text: {
      shows: 'How long the session that waits longest has waited for a lock of another session.',
      normal: '0 to a second.',
      action:
        'Users feel this one. See who blocks in 03-Connections; set lock_timeout for schema changes, so that they give up instead of stopping everybody.',
    },
    unit: 's',
    queries: [query(`max(pgmon_blocked_seconds_max{${scope}})`, 'longest', minute)],
    thresholds: highIsBad(10, 120),
    emptyWhen,
    alert: 'PostgreSQLLongLockWait',
  });
