/** Connections: how many are taken, by whom, and how fast. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const RATIO = 'instance:pg_stat_activity_count:ratio';
const COUNT = 'instance:pg_stat_activity_count:sum';
const BY_CLIENT =
  "SELECT datname, usename, application_name, state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC LIMIT 20;";

export const CONNECTIONS_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLTooManyConnections',
    scope: 'server',
    expr: `${RATIO} > <limit>`,
    threshold: { value: 80, unit: 'percent' },
    for: '5m',
    keepFiringFor: '5m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the connections of {{ $labels.instance }} are taken',
    description:
      'Clients hold {{ $value | humanizePercentage }} of the connections of {{ $labels.instance }} that are not reserved (limit <limit>). When none is left, logins fail. Look for a client that leaks connections or lacks a pool.',
    sql: BY_CLIENT,
  }),
  defineAlert({
    name: 'PostgreSQLConnectionsExhausted',
    scope: 'server',
    // With the last connection taken, the exporter cannot log in either: what it saw last counts then.
    expr: `${RATIO} > <limit> or (last_over_time(${RATIO}[10m]) > <limit> unless on (instance) ${RATIO})`,
    threshold: { value: 95, unit: 'percent' },
    for: '1m',
    keepFiringFor: '5m',
    severity: 'critical',
    summary: '{{ $labels.instance }} runs out of connections ({{ $value | humanizePercentage }} taken)',
    description:
      'Clients hold {{ $value | humanizePercentage }} of the connections of {{ $labels.instance }} that are not reserved (limit <limit>): new logins, also those of the monitoring, are about to fail. End idle sessions or stop the client that opens them.',
    sql: BY_CLIENT,
  }),
  defineAlert({
    name: 'PostgreSQLConnectionSurge',
    scope: 'server',
    // The most that there were 10 to 15 minutes ago, so that clients coming back after a restart are no surge.
    expr:
      `${COUNT} / clamp_min(max_over_time(${COUNT}[5m] offset 10m), 1) - 1 > <limit> ` +
      `and on (instance) ${COUNT} - max_over_time(${COUNT}[5m] offset 10m) > 20`,
    threshold: { value: 50, unit: 'percent', max: 1000 },
    for: '2m',
    keepFiringFor: '5m',
    severity: 'warning',
    summary: 'Connections of {{ $labels.instance }} grew by {{ $value | humanizePercentage }} in 10 minutes',
    description:
      '{{ $labels.instance }} has {{ $value | humanizePercentage }} more client connections than 10 minutes ago (limit <limit>, and more than 20 of them): a new deployment, a retry storm, or queries that have become slow.',
    sql: "SELECT usename, application_name, client_addr, count(*), max(backend_start) AS newest FROM pg_stat_activity WHERE backend_type = 'client backend' AND backend_start > now() - interval '15 minutes' GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 20;",
  }),
  defineAlert({
    name: 'PostgreSQLRoleConnectionLimit',
    scope: 'server',
    expr:
      'sum by (instance, usename) (pg_stat_activity_count{backend_type="client backend"}) / on (instance, usename) ' +
      'instance_usename:pg_roles_connection_limit:max > <limit>',
    threshold: { value: 90, unit: 'percent' },
    for: '5m',
    severity: 'warning',
    silentWhen: 'no role with a connection limit is connected',
    summary:
      'Role {{ $labels.usename }} uses {{ $value | humanizePercentage }} of its connections on {{ $labels.instance }}',
    description:
      'The role {{ $labels.usename }} has a connection limit on {{ $labels.instance }} and uses {{ $value | humanizePercentage }} of it (limit <limit>). Beyond it its logins are refused.',
    sql: "SELECT r.rolname, r.rolconnlimit, count(a.pid) AS used FROM pg_roles r LEFT JOIN pg_stat_activity a ON a.usesysid = r.oid AND a.backend_type = 'client backend' WHERE r.rolconnlimit >= 0 GROUP BY 1, 2 ORDER BY 3 DESC;",
  }),
  defineAlert({
    name: 'PostgreSQLDatabaseConnectionLimit',
    scope: 'server',
    expr:
      'sum by (instance, datname) (pg_stat_activity_count{backend_type="client backend"}) / on (instance, datname) ' +
      'max by (instance, datname) (pg_database_connection_limit > 0) > <limit>',
    threshold: { value: 90, unit: 'percent' },
    for: '5m',
    severity: 'warning',
    silentWhen: 'no database with a connection limit has connections',
    summary:
      'Database {{ $labels.datname }} of {{ $labels.instance }} uses {{ $value | humanizePercentage }} of its connections',
    description:
      'The database {{ $labels.datname }} on {{ $labels.instance }} has a connection limit and {{ $value | humanizePercentage }} of it is used (limit <limit>). Beyond it logins are refused.',
    sql: "SELECT d.datname, d.datconnlimit, count(a.pid) AS used FROM pg_database d LEFT JOIN pg_stat_activity a ON a.datid = d.oid AND a.backend_type = 'client backend' WHERE d.datconnlimit >= 0 GROUP BY 1, 2 ORDER BY 3 DESC;",
  }),
];
