/** The fleet in single numbers. */
import { NO_ALERTS_IN_PROMETHEUS } from '../empty-when.ts';
import { query, stat } from '../house-look.ts';
import type { Panel } from '../panel.ts';
import { anyIsBad } from '../thresholds.ts';
import { FLEET, OF_FLEET, ofFleet, ZERO_ALERTS } from './scopes.ts';

const UP = ofFleet('instance:pg_up:bool');
const count = (expr: string) => `count(${expr}) or on () vector(0)`;

function alertCount(severity: 'critical' | 'warning') {
  return stat({
    id: `alerts-${severity}`,
    title: severity === 'critical' ? 'Critical Alerts (count)' : 'Warning Alerts (count)',
    text: {
      shows: `Alerts of severity ${severity} that fire now about the chosen servers.`,
      normal: '0.',
      action:
        severity === 'critical'
          ? 'Look at these first: something is down, or data or service is at risk. 07-Alerting lists them with their runbooks.'
          : 'Something needs a look today, not tonight. 07-Alerting lists them with their runbooks.',
    },
    unit: 'short',
    queries: [
      query(
        `count(ALERTS{alertstate="firing", severity="${severity}", instance!=""} and on (instance) ${FLEET}) or ${ZERO_ALERTS}`,
        severity,
      ),
    ],
    thresholds: anyIsBad(severity),
    emptyWhen: [NO_ALERTS_IN_PROMETHEUS],
  });
}

const serversUp = stat({
  id: 'servers-up',
  title: 'Servers Up (count)',
  text: {
    shows: 'Servers that answered when they were last asked.',
    normal: 'All of the servers in the spec.',
    action: 'Compare with the number beside it; the table below shows which ones do not answer.',
  },
  unit: 'none',
  queries: [query(count(`(${UP}) == 1`), 'up', { everySeconds: 60 })],
});

const serversDown = stat({
  id: 'servers-down',
  title: 'Servers Down (count)',
  text: {
    shows:
      'Servers that are down, hang, refuse the login, or cannot be asked because their exporter is down.',
    normal: '0.',
    action:
      'Find them in the table (a click on "Up" sorts it). Is the process running, does the network reach it, are there free connections?',
  },
  unit: 'none',
  queries: [query(count(`(${UP}) == 0`), 'not answering', { everySeconds: 60 })],
  thresholds: anyIsBad('critical'),
  alert: 'PostgreSQLDown',
});

const roleCount = (role: 'primary' | 'replica', normal: string) =>
  stat({
    id: `servers-${role}`,
    title: role === 'primary' ? 'Primaries (count)' : 'Replicas (count)',
    text: {
      shows: `Servers that say they are a ${role}.`,
      normal,
      action: 'A change nobody planned is a failover: look at the roles over time below.',
    },
    unit: 'none',
    queries: [
      query(count(`instance:pgmon_server:info{role="${role}", ${OF_FLEET}}`), role, { everySeconds: 60 }),
    ],
  });

const transactions = stat({
  id: 'fleet-transactions',
  title: 'Transactions (per second)',
  text: {
    shows: 'Transactions per second of all chosen servers, committed and rolled back.',
    normal: 'What is usual for the hour; the small line shows the selected time.',
    action:
      'A sudden drop often means that an application lost its database: look for servers that do not answer.',
  },
  unit: 'tps',
  queries: [
    // No join at every point that makes labels which the sum drops.
    query(
      `sum(instance:pg_stat_database_xact:sum_rate5m and on (instance) ${FLEET} @ end())`,
      'transactions',
      {
        everySeconds: 60,
      },
    ),
  ],
  hasSparkline: true,
});

const size = stat({
  id: 'fleet-size',
  title: 'Databases (bytes)',
  text: {
    shows:
      'Size of all databases of the chosen servers, without the templates. A replica counts as much as its primary.',
    normal: 'Slow growth.',
    action: 'The bars below show which servers grow.',
  },
  unit: 'bytes',
  queries: [query(`sum(${ofFleet('instance:pg_database_size_bytes:sum')})`, 'size', { everySeconds: 60 })],
});

export const FLEET_COUNTS: readonly Panel[] = [
  serversDown,
  serversUp,
  alertCount('critical'),
  alertCount('warning'),
  roleCount('primary', 'One for each cluster.'),
  roleCount('replica', 'As many as you run; 0 where there are none.'),
  transactions,
  size,
];
