/** The healthy world: the processes of the stack and what Prometheus and Alertmanager say of themselves. */
import { CONTAINER_PORTS, JOBS } from '../../conventions.ts';
import type { SimulatedSeries } from './proof.ts';
import { counter, gauge } from './series.ts';

const PROMETHEUS = { job: JOBS.prometheus, instance: `prometheus:${CONTAINER_PORTS.prometheus}` };
const ALERTMANAGER = { job: JOBS.alertmanager, instance: `alertmanager:${CONTAINER_PORTS.alertmanager}` };
const EXPORTER_PORT = CONTAINER_PORTS['postgres-exporter'];

type Labels = SimulatedSeries['labels'];

const still = (metric: string, labels: Labels): SimulatedSeries => counter(metric, labels, 0);

/** The node exporter is in `world-host.ts`. */
const PROCESSES: readonly SimulatedSeries[] = [
  PROMETHEUS,
  ALERTMANAGER,
  { job: JOBS.postgresExporter, instance: `postgres-exporter:${EXPORTER_PORT}` },
  { job: JOBS.postgresExporter, instance: `postgres-exporter-slow:${EXPORTER_PORT}` },
  { job: JOBS.sqlExporter, instance: `sql-exporter:${CONTAINER_PORTS['sql-exporter']}` },
  { job: JOBS.grafana, instance: `grafana:${CONTAINER_PORTS.grafana}` },
].flatMap((labels) => [
  gauge('up', labels, 1),
  gauge('scrape_duration_seconds', labels, 0.01),
  { ...gauge('process_start_time_seconds', labels, -864_000), started: 30 },
]);

const RULE_GROUP = { ...PROMETHEUS, rule_group: '/etc/prometheus/rules/pgmon-host.yml;pgmon-host' };

const PROMETHEUS_SERIES: readonly SimulatedSeries[] = [
  gauge('prometheus_config_last_reload_successful', PROMETHEUS, 1),
  gauge('prometheus_tsdb_head_series', PROMETHEUS, 40_000),
  gauge('prometheus_notifications_alertmanagers_discovered', PROMETHEUS, 1),
  gauge('prometheus_notifications_queue_length', PROMETHEUS, 2),
  gauge('prometheus_notifications_queue_capacity', PROMETHEUS, 10_000),
  still('prometheus_notifications_errors_total', {
    ...PROMETHEUS,
    alertmanager: 'http://alertmanager:9093/api/v2/alerts',
  }),
  still('prometheus_rule_evaluation_failures_total', RULE_GROUP),
  still('prometheus_rule_group_iterations_missed_total', RULE_GROUP),
  still('prometheus_target_sync_failed_total', { ...PROMETHEUS, scrape_job: JOBS.postgresql }),
  still('prometheus_target_sync_failed_total', { ...PROMETHEUS, scrape_job: JOBS.node }),
  ...[
    'sd_file_read_errors_total',
    'tsdb_compactions_failed_total',
    'tsdb_head_truncations_failed_total',
    'tsdb_checkpoint_creations_failed_total',
    'tsdb_wal_truncations_failed_total',
    'tsdb_wal_writes_failed_total',
    'tsdb_wal_corruptions_total',
    'tsdb_reloads_failures_total',
    'target_scrapes_exceeded_sample_limit_total',
    'target_scrapes_exceeded_body_size_limit_total',
    'target_scrapes_sample_duplicate_timestamp_total',
    'target_scrapes_sample_out_of_order_total',
    'target_scrapes_sample_out_of_bounds_total',
  ].map((name) => still(`prometheus_${name}`, PROMETHEUS)),
];

const ALERTMANAGER_SERIES: readonly SimulatedSeries[] = [
  gauge('alertmanager_config_last_reload_successful', ALERTMANAGER, 1),
  ...['clientError', 'contextDeadlineExceeded', 'other', 'serverError'].map((reason) =>
    still('alertmanager_notifications_failed_total', { ...ALERTMANAGER, integration: 'webhook', reason }),
  ),
  // A reload cuts off what is on its way; that is no failure.
  {
    metric: 'alertmanager_notifications_failed_total',
    labels: { ...ALERTMANAGER, integration: 'webhook', reason: 'contextCanceled' },
    kind: 'counter',
    value: 0.1,
  },
];

export const STACK_WORLD: readonly SimulatedSeries[] = [
  ...PROCESSES,
  ...PROMETHEUS_SERIES,
  ...ALERTMANAGER_SERIES,
];
