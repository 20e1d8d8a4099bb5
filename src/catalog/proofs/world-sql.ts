/** The healthy world: what the SQL exporter tells of the primary `app`. Gauges of tables and of vacuum are in `world-vacuum.ts`. */
import { JOBS } from '../../conventions.ts';
import type { SimulatedSeries } from './proof.ts';

const SQL = { job: JOBS.postgresqlSql, instance: 'app' };
const APP = { ...SQL, datname: 'app' };

const gauge = (
  metric: string,
  value: number | null,
  labels: SimulatedSeries['labels'] = SQL,
): SimulatedSeries => ({ metric, labels, kind: 'gauge', value });

export const SQL_WORLD: readonly SimulatedSeries[] = [
  gauge('up', 1),
  gauge('scrape_duration_seconds', 0.3),
  gauge('pgmon_sql_query_success', 1, { ...SQL, query: 'sessions' }),
  gauge('pgmon_sql_query_success', 1, { ...APP, query: 'tables' }),
  { ...gauge('pgmon_blocked_seconds_max', 0.5, APP), idle: 0 },
  { ...gauge('pgmon_prepared_transaction_age_seconds', 2, APP), idle: null },
  { ...gauge('pgmon_xmin_age_transactions', 300, { ...SQL, holder: 'transaction' }), idle: 0 },
  gauge('pgmon_xmin_age_transactions', 0, { ...SQL, holder: 'prepared' }),
  gauge('pgmon_settings_pending_restart', 0),
  // A counter, but one that an alert reads as it stands; only a reset of the statistics clears it.
  gauge('pgmon_checksum_failures_total', 0, APP),
  gauge('pgmon_statements_loaded', 1),
  {
    metric: 'pgmon_statements_dealloc_total',
    labels: SQL,
    kind: 'counter',
    value: 0.02,
  },
  gauge('pgmon_sequence_used_ratio', 0.2, { ...APP, schemaname: 'public', sequencename: 'orders_id_seq' }),
  gauge('pgmon_index_invalid', null, {
    ...APP,
    schemaname: 'public',
    relname: 'orders',
    indexrelname: 'orders_placed_idx',
  }),
];
