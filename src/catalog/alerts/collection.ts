/** Do the figures come that the other alerts rest on? */
import { JOBS } from '../../conventions.ts';
import { type AlertDefinition, defineAlert } from './alert.ts';

const IS_UP = `pg_up{job="${JOBS.postgresql}"} == 1`;
/** Where an exporter's own process is down, each of its servers would look ill. */
const unlessDown = (processes: string) => `and on () min(up{job="${processes}"}) == 1`;

export const COLLECTION_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLSlowScrapeFailing',
    scope: 'server',
    expr:
      `((up{job="${JOBS.postgresqlSlow}"} == 0 ${unlessDown(JOBS.postgresExporter)})` +
      ` or (up{job="${JOBS.postgresqlSql}"} == 0 ${unlessDown(JOBS.sqlExporter)}))` +
      ` and on (instance) ${IS_UP}`,
    for: '10m',
    severity: 'warning',
    summary: 'Job {{ $labels.job }} cannot scrape {{ $labels.instance }}',
    description:
      '{{ $labels.instance }} is up, but its scrapes by the job {{ $labels.job }} have failed for 10 minutes: sizes, sessions, replication or SQL metrics are missing, and alerts on them are silent.',
    sql: "SELECT pid, usename, state, wait_event_type, wait_event, now() - query_start AS running, left(query, 100) AS query FROM pg_stat_activity WHERE application_name LIKE 'pgmon%' ORDER BY query_start;",
  }),
  defineAlert({
    name: 'PostgreSQLCollectorFailing',
    scope: 'server',
    // Without the extension its collector fails, which PostgreSQLStatementsNotLoaded tells in its own words. Up to exporter
    // 0.19 sessions, settings, senders, slots and the archiver belong to no collector and share one sign of failure.
    expr:
      '(min by (instance, collector) (pg_scrape_collector_success == 0)' +
      ' unless on (instance, collector) label_replace(pgmon_statements_loaded == 0, "collector", "stat_statements", "", "")' +
      ` or label_replace(max by (instance) (pg_exporter_last_scrape_error{job="${JOBS.postgresqlSlow}"} == 1), "collector", "default metrics", "", ""))` +
      ` and on (instance) ${IS_UP}`,
    for: '15m',
    severity: 'warning',
    summary: 'Collector {{ $labels.collector }} fails on {{ $labels.instance }}',
    description:
      'The exporter is connected to {{ $labels.instance }}, but its collector {{ $labels.collector }} has failed for 15 minutes: a right or an extension is missing, or its query takes too long. Alerts on its metrics are silent.',
    sql: "SELECT pg_has_role(current_user, 'pg_monitor', 'member') AS has_pg_monitor; SELECT name, installed_version FROM pg_available_extensions WHERE name IN ('pg_stat_statements', 'pg_buffercache');",
  }),
  defineAlert({
    name: 'PostgreSQLCollectorsLost',
    scope: 'server',
    // The exporter logs in twice for each scrape; when only the first login succeeds, the server is up and nothing is known of it.
    expr:
      `(${IS_UP} unless on (instance) pg_scrape_collector_success{job="${JOBS.postgresql}"})` +
      ` or (up{job="${JOBS.postgresqlSlow}"} == 1 unless on (instance) instance:pg_scrape_collector_success:count` +
      ` and on (instance) ${IS_UP})`,
    for: '5m',
    severity: 'warning',
    summary: 'No collector works on {{ $labels.instance }}',
    description:
      'The job {{ $labels.job }} reaches {{ $labels.instance }}, but none of its collectors gives metrics: connections are running out, or the login of the monitoring role is refused now and then.',
    sql: "SELECT rolname, rolconnlimit FROM pg_roles WHERE rolname = current_user; SELECT count(*) AS used, current_setting('max_connections') AS max FROM pg_stat_activity WHERE backend_type = 'client backend';",
  }),
  defineAlert({
    name: 'PostgreSQLScrapeSlow',
    scope: 'server',
    expr: `avg_over_time(scrape_duration_seconds{job=~"${JOBS.postgresql}|${JOBS.postgresqlSlow}|${JOBS.postgresqlSql}"}[5m]) > <limit>`,
    threshold: { value: 5, unit: 'seconds' },
    for: '10m',
    keepFiringFor: '5m',
    severity: 'warning',
    summary: 'Scraping {{ $labels.instance }} takes {{ $value | humanizeDuration }}',
    description:
      'The job {{ $labels.job }} needs {{ $value | humanizeDuration }} for one scrape of {{ $labels.instance }} (limit <limit>). Soon scrapes will time out and leave gaps. Look for locks on catalogues, very many tables or an overloaded server.',
    sql: "SELECT pid, wait_event_type, wait_event, pg_blocking_pids(pid) AS blocked_by, now() - query_start AS running, left(query, 100) AS query FROM pg_stat_activity WHERE application_name LIKE 'pgmon%' ORDER BY query_start;",
  }),
  defineAlert({
    name: 'PostgreSQLSQLMetricsFailing',
    scope: 'server',
    expr: `min by (instance, query, datname) (pgmon_sql_query_success == 0) and on (instance) ${IS_UP}`,
    for: '15m',
    severity: 'warning',
    needs: ['sql-exporter'],
    summary: 'SQL metric {{ $labels.query }} fails on {{ $labels.instance }}',
    description:
      'The query {{ $labels.query }} of the SQL exporter {{ with $labels.datname }}in the database {{ . }} {{ end }}has failed on {{ $labels.instance }} for 15 minutes. Alerts on its metrics are silent. The exporter logs the error.',
    sql: "SELECT pg_has_role(current_user, 'pg_monitor', 'member') AS has_pg_monitor; SELECT datname, has_database_privilege(datname, 'CONNECT') AS may_connect FROM pg_database WHERE datallowconn;",
  }),
];
