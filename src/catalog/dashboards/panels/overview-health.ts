/** Is the server there, what is it, and what do its alerts say? */
import { JOBS } from '../../../conventions.ts';
import { DASHBOARD_UIDS } from '../dashboard.ts';
import { type EmptyWhen, NO_ALERTS_IN_PROMETHEUS, NO_REPLICA_SELECTED } from '../empty-when.ts';
import { query, stat, table } from '../house-look.ts';
import type { Panel } from '../panel.ts';
import { anyIsBad, LAG_SECONDS, NO_IS_BAD } from '../thresholds.ts';
import { FLEET, OF_SERVER, ZERO_ALERTS } from './scopes.ts';
import { CONNECTIONS_USED } from './sessions.ts';

const minute = { everySeconds: 60 } as const;
const FIRING = `ALERTS{alertstate="firing", ${OF_SERVER}}`;

const up = stat({
  id: 'up',
  title: 'Server Up (yes or no)',
  text: {
    shows: 'Whether the exporter could log in and ask the server when it last tried.',
    normal: 'up.',
    action:
      'Is the process running? Does its log say why it stopped? Does the network reach it, is a connection free, is the password of the monitoring role right?',
  },
  unit: 'none',
  words: { 0: 'no answer', 1: 'up' },
  queries: [
    query(
      `max(pg_up{job="${JOBS.postgresql}", ${OF_SERVER}}) or on () max(instance:up:declared{${OF_SERVER}}) * 0`,
      'server',
    ),
  ],
  thresholds: NO_IS_BAD,
  alert: 'PostgreSQLDown',
});

const role = stat({
  id: 'role',
  title: 'Role (primary or replica)',
  text: {
    shows: 'What the server says it is. A replica repeats what its primary does and takes no writes.',
    normal: 'What you set it up as.',
    action:
      'A change nobody planned is a failover: check where the application writes to. 05-Replication has more.',
  },
  unit: 'none',
  words: { 0: 'primary', 1: 'replica' },
  queries: [query(`max(pg_replication_is_replica{${OF_SERVER}})`, 'role', minute)],
  alert: 'PostgreSQLRoleChanged',
});

const uptime = stat({
  id: 'uptime',
  title: 'Uptime (s)',
  text: {
    shows: 'Time since the server process started.',
    normal: 'Days to months, broken by restarts that you planned.',
    action:
      'A restart that nobody asked for is a crash or a lack of memory: read the server log and the log of the kernel.',
  },
  unit: 's',
  queries: [query(`time() - max(pg_postmaster_start_time_seconds{${OF_SERVER}})`, 'uptime', minute)],
  alert: 'PostgreSQLRestarted',
});

const alertCount = stat({
  id: 'alerts-firing',
  title: 'Firing Alerts (count)',
  text: {
    shows: 'Alerts that fire about this server, of any severity. Those of its machine are in 10-Host.',
    normal: '0.',
    action: 'The table below names them; 07-Alerting has their history and their runbooks.',
  },
  unit: 'none',
  queries: [query(`count(${FIRING}) or on () ${ZERO_ALERTS}`, 'alerts')],
  thresholds: anyIsBad('warning'),
  emptyWhen: [NO_ALERTS_IN_PROMETHEUS],
});

const lag = stat({
  id: 'replication-lag',
  title: 'Replication Lag (s)',
  text: {
    shows: 'How old the last transaction is that this replica has replayed, while newer ones wait.',
    normal:
      'Below a few seconds. 0 also while the replica is cut off: then PostgreSQLReplicationBroken fires.',
    action: '05-Replication shows whether sending, writing or replaying is slow.',
  },
  unit: 's',
  queries: [query(`max(instance:pg_replication_lag_seconds:max{${OF_SERVER}})`, 'lag', minute)],
  thresholds: LAG_SECONDS,
  emptyWhen: [NO_REPLICA_SELECTED],
  alert: 'PostgreSQLReplicationLag',
});

const about = table({
  id: 'about',
  title: 'About This Server (version, size in bytes)',
  text: {
    shows: 'Version of PostgreSQL, environment, and the size of all databases without the templates.',
    normal: 'The newest minor release of its major version.',
    action: 'Minor releases fix bugs and security holes and need only a restart: install them soon.',
  },
  unit: 'none',
  width: 6,
  height: 4,
  columns: [
    { label: 'version', header: 'Version' },
    { label: 'environment', header: 'Environment' },
  ],
  queries: [
    query(
      `sum by (version, environment) (instance:pg_database_size_bytes:sum{${OF_SERVER}} * on (instance) group_left (version, environment) ${FLEET} or on (instance) ${FLEET} * 0)`,
      'Size',
      { ...minute, unit: 'bytes' },
    ),
  ],
});

/** Not about the table's own series alone: where alerts are evaluated and none fires, it must be empty. */
const NO_ALERT_FIRES: EmptyWhen = {
  reason: 'no alert fires about this server',
  holds: `${ZERO_ALERTS} unless on () ${FIRING}`,
};

export const SERVER_ALERTS = table({
  id: 'alerts',
  title: 'Alerts That Fire Now (time since they began)',
  text: {
    shows: 'Alerts about this server that fire, and since when their condition has held.',
    normal: 'Empty.',
    action:
      'A click opens 07-Alerting with the runbooks. Critical ones first: the others are often their consequence.',
  },
  unit: 's',
  height: 5,
  columns: [
    {
      label: 'alertname',
      header: 'Alert',
      link: {
        title: 'Open 07-Alerting',
        dashboard: DASHBOARD_UIDS.alerting,
        variables: {},
      },
    },
    { label: 'severity', header: 'Severity' },
    { label: 'datname', header: 'Database' },
  ],
  queries: [
    query(
      `max by (alertname, severity, datname) ((time() - ALERTS_FOR_STATE{${OF_SERVER}}) and ignoring (alertstate) ${FIRING})`,
      'Since',
    ),
  ],
  emptyWhen: [NO_ALERT_FIRES, NO_ALERTS_IN_PROMETHEUS],
});

export const OVERVIEW_HEALTH: readonly Panel[] = [up, role, uptime, alertCount, CONNECTIONS_USED, lag, about];
