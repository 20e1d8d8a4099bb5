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
  PostgreSQLSlowScrapeFailing: {
    fault: [{ metric: 'up', labels: { ...APP, job: JOBS.postgresqlSlow }, value: 0 }],
    labels: { job: JOBS.postgresqlSlow },
    summary: 'Job postgresql-slow cannot scrape app',
    description:
      'app is up, but its scrapes by the job postgresql-slow have failed for 10 minutes: sizes, sessions, replication or SQL metrics are missing, and alerts on them are silent.',
  },
  PostgreSQLCollectorFailing: {
    fault: [{ metric: 'pg_scrape_collector_success', labels: { ...APP, collector: 'wal' }, value: 0 }],
    labels: { collector: 'wal' },
    summary: 'Collector wal fails on app',
    description:
      'The exporter is connected to app, but its collector wal has failed for 15 minutes: a right or an extension is missing, or its query takes too long. Alerts on its metrics are silent.',
  },
  PostgreSQLCollectorsLost: {
    fault: [{ metric: 'pg_scrape_collector_success', labels: { ...APP, job: JOBS.postgresql }, value: null }],
    labels: { job: JOBS.postgresql },
    summary: 'No collector works on app',
    description:
      'The job postgresql reaches app, but none of its collectors gives metrics: connections are running out, or the login of the monitoring role is refused now and then.',
  },
  PostgreSQLScrapeSlow: {
    fault: [{ metric: 'scrape_duration_seconds', labels: { ...APP, job: JOBS.postgresqlSlow }, value: 10 }],
    delay: '2m15s',
    recovery: '5m',
    labels: { job: JOBS.postgresqlSlow },
    summary: 'Scraping app takes 10s',
    description:
      'The job postgresql-slow needs 10s for one scrape of app (limit 5 s). Soon scrapes will time out and leave gaps. Look for locks on catalogues, very many tables or an overloaded server.',
  },
  PostgreSQLSQLMetricsFailing: {
    fault: [{ metric: 'pgmon_sql_query_success', labels: { ...APP, query: 'tables' }, value: 0 }],
    labels: { query: 'tables', datname: 'app' },
    summary: 'SQL metric tables fails on app',
    description:
      'The query tables of the SQL exporter in the database app has failed on app for 15 minutes. Alerts on its metrics are silent. The exporter logs the error.',
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
