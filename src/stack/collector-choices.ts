/** What of a stack decides on the exporter's collectors. Pure. */
import type { CollectorChoices } from '../catalog/collectors.ts';
import type { Stack } from './stack.ts';

export function collectorChoices({
  postgresExporter,
  servers,
}: Pick<Stack, 'postgresExporter' | 'servers'>): CollectorChoices {
  return {
    collectors: postgresExporter.collectors,
    majorVersions: servers.map(({ majorVersion }) => majorVersion),
    hasTableMetrics: !postgresExporter.dropTableMetrics,
  };
}
