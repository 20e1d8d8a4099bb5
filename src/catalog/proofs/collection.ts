/** Proofs of the alerts in `alerts/collection.ts`. */
import { JOBS } from '../../conventions.ts';
import type { Proof } from './proof.ts';

const APP = { instance: 'app' };

export const COLLECTION_PROOFS: Readonly<Record<string, Proof>> = {
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
};
