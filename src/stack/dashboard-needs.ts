/** Whether a stack has the part that a dashboard is about. Knows no dashboard: rendering must not load them all to learn it. */
import type { DashboardNeed } from '../catalog/dashboards/dashboard.ts';
import type { Stack } from './stack.ts';

export type Asked = Pick<Stack, 'nodeExporter' | 'sqlExporter' | 'servers' | 'alerts'>;

const HAS = {
  'node-exporter': ({ nodeExporter }) => nodeExporter !== null,
  'sql-exporter': ({ sqlExporter }) => sqlExporter !== null,
  slo: ({ servers }) => servers.some(({ slo }) => slo !== null),
  'prometheus-alerts': ({ alerts }) => alerts.engine !== 'grafana',
} as const satisfies Record<DashboardNeed, (stack: Asked) => boolean>;

/** True for a dashboard that needs no part in particular. */
export function hasNeeded(stack: Asked, needed: DashboardNeed | null): boolean {
  return needed === null || HAS[needed](stack);
}
