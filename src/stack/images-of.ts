/** Which images a stack runs. Pure. */
import type { ComponentName } from '../catalog/components.ts';
import type { Image, ServiceSettings, Stack } from './stack.ts';

/** The image of each component that the stack runs. */
export function imagesOf(stack: Stack): ReadonlyMap<ComponentName, Image> {
  const parts: readonly (readonly [ComponentName, ServiceSettings | null])[] = [
    ['postgres', stack.postgres],
    ['postgres-exporter', stack.postgresExporter],
    ['sql-exporter', stack.sqlExporter],
    ['prometheus', stack.prometheus],
    ['alertmanager', stack.alertmanager],
    ['node-exporter', stack.nodeExporter],
    ['grafana', stack.grafana],
  ];
  return new Map(parts.flatMap(([name, part]) => (part === null ? [] : [[name, part.image] as const])));
}
