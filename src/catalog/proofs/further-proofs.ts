/** More faults of alerts whose expressions have several parts, and look-alikes at which an alert must stay silent. */
import { JOBS } from '../../conventions.ts';
import type { FurtherProof, SilentProof, SimulatedSeries } from './proof.ts';

const OWN = { environment: 'demo', datacenter: 'local', cluster: 'main' };
const APP = { instance: 'app' };
const SLOT = { ...APP, slot_name: 'app_replica' };

/** A second primary, with PostgreSQL 16. */
const OLD = { ...OWN, instance: 'old' };
const oldSeries = (
  metric: string,
  kind: SimulatedSeries['kind'],
  value: number,
  job: string = JOBS.postgresqlSlow,
): SimulatedSeries => ({ metric, labels: { ...OLD, job }, kind, value });

/** By alert name. */
export const FURTHER_PROOFS: Readonly<Record<string, readonly FurtherProof[]>> = {
  PostgreSQLDown: [
    {
      what: 'the server hangs, so that the whole scrape fails',
      fault: [
        { metric: 'up', labels: { ...APP, job: JOBS.postgresql }, value: 0 },
        { metric: 'pg_up', labels: APP, value: null },
      ],
      labels: { job: JOBS.postgresql },
      summary: 'PostgreSQL server app does not answer',
      description:
        'The exporter runs but could not query app for a minute: the server is down, hangs, has no free connection, refuses the login or cannot be reached.',
    },
  ],
  PostgreSQLSlowScrapeFailing: [
    {
      what: 'the SQL exporter gets no answer',
      fault: [{ metric: 'up', labels: { ...APP, job: JOBS.postgresqlSql }, value: 0 }],
      labels: { job: JOBS.postgresqlSql },
      summary: 'Job postgresql-sql cannot scrape app',
      description:
        'app is up, but its scrapes by the job postgresql-sql have failed for 10 minutes: sizes, sessions, replication or SQL metrics are missing, and alerts on them are silent.',
    },
  ],
  PostgreSQLCollectorFailing: [
    {
      what: 'the metrics that belong to no collector',
      fault: [
        { metric: 'pg_exporter_last_scrape_error', labels: { ...APP, job: JOBS.postgresqlSlow }, value: 1 },
      ],
      labels: { collector: 'default metrics' },
      summary: 'Collector default metrics fails on app',
      description:
        'The exporter is connected to app, but its collector default metrics has failed for 15 minutes: a right or an extension is missing, or its query takes too long. Alerts on its metrics are silent.',
    },
  ],
  PostgreSQLCollectorsLost: [
    {
      what: 'the slow job loses its collectors',
      fault: [
        { metric: 'pg_scrape_collector_success', labels: { ...APP, job: JOBS.postgresqlSlow }, value: null },
      ],
      labels: { job: JOBS.postgresqlSlow },
      summary: 'No collector works on app',
      description:
        'The job postgresql-slow reaches app, but none of its collectors gives metrics: connections are running out, or the login of the monitoring role is refused now and then.',
    },
  ],
  PostgreSQLTooManyForcedCheckpoints: [
    {
      what: 'PostgreSQL 16 and older, where the writer counts',
      fault: [
        { metric: 'pg_stat_bgwriter_checkpoints_req_total', labels: OLD, value: 2 },
        { metric: 'pg_stat_bgwriter_checkpoints_timed_total', labels: OLD, value: 0 },
      ],
      extra: [
        oldSeries('up', 'gauge', 1, JOBS.postgresql),
        oldSeries('pg_replication_is_replica', 'gauge', 0),
        oldSeries('pg_stat_bgwriter_checkpoints_req_total', 'counter', 0.05),
        oldSeries('pg_stat_bgwriter_checkpoints_timed_total', 'counter', 0.2),
      ],
      delay: '1m15s',
      recovery: '14m',
      labels: { instance: 'old' },
      summary: '97.27% of checkpoints on old are forced',
      description:
        'In 15 minutes 97.27% of the checkpoints on old came before their time (limit 50 %): WAL reached max_wal_size, or somebody asked for them. Each writes everything at once and makes the next changes of each page larger in WAL. Usually max_wal_size is too small for the load.',
    },
  ],
  PostgreSQLReplicationSlotAtRisk: [
    {
      what: 'the slot may not keep much more',
      fault: [{ metric: 'pg_replication_slot_safe_wal_size_bytes', labels: SLOT, value: 1_073_741_824 }],
      labels: { slot_name: 'app_replica' },
      summary: 'Replication slot app_replica of app is about to be lost or is lost',
      description:
        'The slot app_replica on app may keep 10% more of max_slot_wal_keep_size before the server gives it up (limit 20 %; 0 % or less: WAL that it needs is being removed or gone). After that its replica must be built anew and a subscriber copied again.',
    },
  ],
  PostgreSQLDatabaseSizeGrowing: [
    {
      what: 'a new database',
      fault: [
        { metric: 'pg_database_size_bytes', labels: { ...APP, datname: 'loaded' }, value: 20 * 1024 ** 3 },
      ],
      extra: [
        {
          metric: 'pg_database_size_bytes',
          labels: { ...APP, job: JOBS.postgresqlSlow, datname: 'loaded' },
          kind: 'gauge',
          value: null,
        },
      ],
      warmup: '25h',
      step: '5m',
      labels: { datname: 'loaded' },
      summary: 'Database loaded on app grew by 20GiB in 24 hours',
      description:
        'The database loaded on app is 20GiB larger than 24 hours ago (limit 10 GiB). Check that the disk lasts: a bulk load, an index build, bloat, or a table that nobody cleans up.',
    },
  ],
  PrometheusTargetsMissing: [
    {
      what: 'the exporters are not scraped',
      fault: [{ metric: 'up', labels: { job: JOBS.postgresExporter }, value: null }],
      labels: { job: JOBS.postgresExporter },
      summary: 'Prometheus has no targets in the job postgres-exporter',
      description:
        'Prometheus scrapes nothing in the job postgres-exporter: its target file is missing, empty or not readable, or the job is gone from the configuration. No server is watched, and no alert about one can fire.',
    },
  ],
};

const EXPORTER_DOWN = [
  { metric: 'up', labels: { job: JOBS.postgresExporter }, value: 0 },
  { metric: 'up', labels: { job: JOBS.postgresql }, value: 0 },
  { metric: 'up', labels: { job: JOBS.postgresqlSlow }, value: 0 },
  { metric: 'pg_up', value: null },
  { metric: 'pg_exporter_last_scrape_error', value: null },
  { metric: 'pg_scrape_collector_success', value: null },
];
const SERVER_DOWN = [
  { metric: 'pg_up', labels: APP, value: 0 },
  { metric: 'pg_exporter_last_scrape_error', labels: APP, value: 1 },
  { metric: 'pg_scrape_collector_success', labels: APP, value: null },
];

/** By alert name. */
export const SILENT_PROOFS: Readonly<Record<string, readonly SilentProof[]>> = {
  PostgreSQLDown: [{ what: 'the exporter is down', fault: EXPORTER_DOWN }],
  PostgreSQLSlowScrapeFailing: [
    { what: 'the exporter is down', fault: EXPORTER_DOWN },
    { what: 'the server is down', fault: SERVER_DOWN },
  ],
  PostgreSQLCollectorFailing: [{ what: 'the server is down', fault: SERVER_DOWN }],
  PostgreSQLCollectorsLost: [
    { what: 'the exporter is down', fault: EXPORTER_DOWN },
    { what: 'the server is down', fault: SERVER_DOWN },
  ],
};
