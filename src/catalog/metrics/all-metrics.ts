/** Every metric that a rule may use. */
import { hasRenamedCollectors } from '../versions.ts';
import type { MetricSource } from './metric-source.ts';
import { POSTGRES_EXPORTER_METRICS } from './postgres-exporter.ts';
import { SQL_EXPORTER_METRICS } from './sql-exporter.ts';
import { STACK_METRICS } from './stack.ts';

const ALL: readonly MetricSource[] = [
  ...POSTGRES_EXPORTER_METRICS,
  ...SQL_EXPORTER_METRICS,
  ...STACK_METRICS,
];

/** True unless this exporter version calls the metric otherwise. */
export function fitsExporter({ isSince020 }: MetricSource, exporterVersion: string): boolean {
  return isSince020 === null || isSince020 === hasRenamedCollectors(exporterVersion);
}

/** Where a metric comes from; null = nothing in a stack of pgmon's is known to give it. */
export function sourceOf(metric: string, exporterVersion: string): MetricSource | null {
  const found = ALL.filter(({ names }) => names.test(metric));
  return found.find((source) => fitsExporter(source, exporterVersion)) ?? found[0] ?? null;
}
