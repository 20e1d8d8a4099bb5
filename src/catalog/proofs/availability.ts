/** Proofs of the alerts in `alerts/availability.ts`. */
import { JOBS } from '../../conventions.ts';
import type { Proof } from './proof.ts';

const APP = { instance: 'app' };

export const AVAILABILITY_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLDown: {
    fault: [{ metric: 'pg_up', labels: { ...APP, job: JOBS.postgresql }, value: 0 }],
    labels: { job: JOBS.postgresql },
    summary: 'PostgreSQL server app does not answer',
    description:
      'The exporter runs but could not query app for a minute: the server is down, hangs, has no free connection, refuses the login or cannot be reached.',
  },
  PostgreSQLExporterDown: {
    fault: [
      { metric: 'up', labels: { job: JOBS.postgresExporter, instance: 'postgres-exporter:9187' }, value: 0 },
    ],
    labels: { job: JOBS.postgresExporter, instance: 'postgres-exporter:9187' },
    summary: 'The exporter process postgres-exporter:9187 is down',
    description:
      'Prometheus cannot reach the exporter postgres-exporter:9187. Nothing is known about the PostgreSQL servers behind it; most alerts about them cannot fire.',
  },
  PostgreSQLRestarted: {
    // Quarter of an hour after the test began.
    fault: [{ metric: 'pg_postmaster_start_time_seconds', labels: APP, value: 900 }],
    labels: {},
    summary: 'PostgreSQL server app was restarted',
    description:
      'app started 15s ago. Caches are cold and statistics may be lost after a crash; if nobody restarted it, look into its log.',
  },
  PostgreSQLRoleChanged: {
    fault: [{ metric: 'pg_replication_is_replica', labels: APP, value: 1 }],
    recovery: '15m',
    labels: {},
    summary: 'app changed between primary and replica',
    description:
      'app was promoted or became a replica in the last 15 minutes (changes: 1). After a failover check that clients write to the new primary and that the old one came back as a replica.',
  },
  PostgreSQLClusterNoPrimary: {
    fault: [{ metric: 'pg_replication_is_replica', labels: APP, value: 1 }],
    labels: { cluster: 'main', environment: 'demo' },
    summary: 'Cluster main has no primary',
    description:
      'Of the servers with the label cluster=main, 2 answer and each is a replica: nothing can be written.',
  },
  PostgreSQLClusterMultiplePrimaries: {
    fault: [{ metric: 'pg_replication_is_replica', labels: { instance: 'app-2' }, value: 0 }],
    extra: [
      {
        metric: 'pg_replication_is_replica',
        labels: { job: JOBS.postgresqlSlow, instance: 'app-2', cluster: 'main', environment: 'demo' },
        kind: 'gauge',
        value: 1,
      },
    ],
    labels: { cluster: 'main', environment: 'demo' },
    summary: 'Cluster main has 2 primaries',
    description:
      '2 servers with the label cluster=main accept writes. Data may be diverging: keep clients away from all but one before anything else.',
  },
};
