/** The world in which the SLO rules are proved: a server with both objectives, a strict short one, and one with hardly any calls. */
import { JOBS } from '../../conventions.ts';
import type { Server, Stack } from '../../stack/stack.ts';
import { type PromtoolSeries, seriesName } from './promtool-file.ts';
import { proofServer } from './proof-stack.ts';

const LATENCY = { thresholdMs: 50, objective: 99 };

const OBJECTIVES: Readonly<Record<string, Server['slo']>> = {
  orders: { availability: 99.9, windowDays: 30, latency: LATENCY },
  archive: { availability: 99.5, windowDays: 7, latency: null },
  quiet: { availability: 99, windowDays: 30, latency: LATENCY },
};

/** The given stack with the servers of this world; what the spec changes about alerts is left out. */
export function sloProofStack(stack: Stack): Stack {
  return {
    ...stack,
    servers: Object.entries(OBJECTIVES).map(([name, slo]) =>
      proofServer({ name, labels: { environment: 'prod' }, slo }),
    ),
    alerts: { ...stack.alerts, overrides: {}, disabled: [] },
  };
}

const server = (metric: string, instance: string, values: string): PromtoolSeries => ({
  series: seriesName(metric, { environment: 'prod', instance, job: JOBS.postgresql }),
  values,
});

/** `up` and `pg_up` of a server; `pgUp` may say `_x9` where the whole scrape fails. */
export const answers = (instance: string, up: string, pgUp: string): readonly PromtoolSeries[] => [
  server('up', instance, up),
  server('pg_up', instance, pgUp),
];

/** The exporter's two processes. */
export const exporter = (values: string): readonly PromtoolSeries[] =>
  ['postgres-exporter:9187', 'postgres-exporter-slow:9187'].map((instance) => ({
    series: seriesName('up', { instance, job: JOBS.postgresExporter }),
    values,
  }));

/** One statement's counters; `calls` and `seconds` are promtool's notation. */
export function statement(
  instance: string,
  { user = 'app', queryid = '1', calls = '', seconds = '' },
): readonly PromtoolSeries[] {
  const labels = {
    datname: 'shop',
    environment: 'prod',
    instance,
    job: JOBS.postgresqlSlow,
    queryid,
    user,
  };
  return [
    { series: seriesName('pg_stat_statements_calls_total', labels), values: calls },
    { series: seriesName('pg_stat_statements_seconds_total', labels), values: seconds },
  ];
}
