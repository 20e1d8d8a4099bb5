/** Proofs of the alerts in `alerts/connections.ts`. */
import type { Change, Proof } from './proof.ts';

const APP = { instance: 'app' };
const OF_CLIENTS = { ...APP, usename: 'app' };

const idleSessions = (value: number): readonly Change[] => [
  { metric: 'pg_stat_activity_count', labels: { ...OF_CLIENTS, state: 'idle' }, value },
];

export const CONNECTIONS_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLTooManyConnections: {
    fault: idleSessions(75),
    labels: {},
    summary: '87.63% of the connections of app are taken',
    description:
      'Clients hold 87.63% of the connections of app that are not reserved (limit 80 %). When none is left, logins fail. Look for a client that leaks connections or lacks a pool.',
  },
  PostgreSQLConnectionsExhausted: {
    fault: idleSessions(86),
    labels: {},
    summary: 'app runs out of connections (98.97% taken)',
    description:
      'Clients hold 98.97% of the connections of app that are not reserved (limit 95 %): new logins, also those of the monitoring, are about to fail. End idle sessions or stop the client that opens them.',
  },
  PostgreSQLConnectionSurge: {
    fault: idleSessions(50),
    labels: {},
    summary: 'Connections of app grew by 100% in 10 minutes',
    description:
      'app has 100% more client connections than 10 minutes ago (limit 50 %, and more than 20 of them): a new deployment, a retry storm, or queries that have become slow.',
  },
  PostgreSQLRoleConnectionLimit: {
    fault: idleSessions(41),
    labels: { usename: 'app' },
    summary: 'Role app uses 96% of its connections on app',
    description:
      'The role app has a connection limit on app and uses 96% of it (limit 90 %). Beyond it its logins are refused.',
  },
  PostgreSQLDatabaseConnectionLimit: {
    fault: idleSessions(50),
    labels: { datname: 'app' },
    summary: 'Database app of app uses 96.67% of its connections',
    description:
      'The database app on app has a connection limit and 96.67% of it is used (limit 90 %). Beyond it logins are refused.',
  },
};
