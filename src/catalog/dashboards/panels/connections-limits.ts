/** Who holds the connections, and how close roles and databases are to limits of their own. */
import type { EmptyWhen } from '../empty-when.ts';
import { bars, query, table } from '../house-look.ts';
import { highIsBad } from '../thresholds.ts';
import { CLIENTS, OF_DATABASES, OF_SERVER } from './scopes.ts';

const minute = { everySeconds: 60 } as const;
const size = { width: 8, height: 8 } as const;
const SHARE = { ...minute, unit: 'percentunit', thresholds: highIsBad(0.8, 0.95) } as const;
const USABLE = `instance:pg_settings_max_connections:usable{${OF_SERVER}}`;
const sessions = (label: string) =>
  `sum by (instance, ${label}) (pg_stat_activity_count{${OF_DATABASES}, backend_type="client backend"})`;
const ofUsable = (label: string) =>
  `sum by (${label}) (${sessions(label)} / on (instance) group_left () ${USABLE})`;
const longest = (label: string) =>
  query(
    `max by (${label}) (pg_stat_activity_max_tx_duration{${OF_DATABASES}, backend_type="client backend"})`,
    'Longest Transaction',
    { ...minute, unit: 's', thresholds: highIsBad(300, 1800) },
  );

/** The rows of 0 that the exporter adds are there all the same. */
const NO_CLIENTS: EmptyWhen = {
  reason: 'no client is connected to the chosen databases',
  holds: `sum(pg_stat_activity_count{${OF_DATABASES}, ${CLIENTS}}) == 0`,
};

const ROLE_LIMIT = `instance_usename:pg_roles_connection_limit:max{${OF_SERVER}}`;
const DATABASE_LIMIT = `max by (instance, datname) (pg_database_connection_limit{${OF_DATABASES}} > 0)`;

export const BY_ROLE = table({
  ...size,
  id: 'by-role',
  title: 'Connections by Role (share of limits)',
  text: {
    shows:
      'Sessions of each role in the chosen databases, as a share of what all clients may use, and its oldest open transaction. The limit of a role, where it has one, counts its sessions in all databases.',
    normal: 'Each application has a role of its own, and about as many sessions as its pools are large.',
    action:
      'A role near its limit gets refused. ALTER ROLE … CONNECTION LIMIT changes it; a smaller pool is often better.',
  },
  unit: 'none',
  columns: [{ label: 'usename', header: 'Role' }],
  queries: [
    query(`sum by (usename) (${sessions('usename')})`, 'Sessions', minute),
    query(ofUsable('usename'), 'Of All', SHARE),
    query(
      `sum by (usename) (sum by (instance, usename) (pg_stat_activity_count{${OF_SERVER}, backend_type="client backend"}) / on (instance, usename) ${ROLE_LIMIT}) and on (usename) ${sessions('usename')}`,
      'Of Its Limit',
      SHARE,
    ),
    longest('usename'),
  ],
  emptyWhen: [NO_CLIENTS],
});

export const BY_DATABASE = table({
  ...size,
  id: 'by-database',
  title: 'Connections by Database (share of limits)',
  text: {
    shows:
      'Sessions in each database, as a share of what all clients may use and of the limit of the database, where it has one, and its oldest open transaction.',
    normal: 'About as many sessions as the pools of its applications are large.',
    action: 'A database near its limit refuses logins. ALTER DATABASE … CONNECTION LIMIT changes it.',
  },
  unit: 'none',
  columns: [{ label: 'datname', header: 'Database' }],
  queries: [
    query(`sum by (datname) (${sessions('datname')})`, 'Sessions', minute),
    query(ofUsable('datname'), 'Of All', SHARE),
    query(
      `sum by (datname) (${sessions('datname')} / on (instance, datname) ${DATABASE_LIMIT})`,
      'Of Its Limit',
      SHARE,
    ),
    longest('datname'),
  ],
  emptyWhen: [NO_CLIENTS],
});

export const BY_APPLICATION = bars({
  ...size,
  id: 'by-application',
  title: 'Connections by Application (% of limit)',
  text: {
    shows:
      'Sessions by application_name, which a client sets in its connection string, as a share of what all clients may use; the 15 with most.',
    normal: 'Every program has a name of its own.',
    action:
      'Much without a name: set application_name in the connection strings, and the next search for a leak is short.',
  },
  unit: 'percentunit',
  queries: [
    query(
      `topk(15, sum by (application_name) (label_replace(${sessions('application_name')} / on (instance) group_left () ${USABLE}, "application_name", "(none)", "application_name", "")))`,
      '{{application_name}}',
      minute,
    ),
  ],
  thresholds: highIsBad(0.5, 0.8),
  emptyWhen: [NO_CLIENTS],
});
