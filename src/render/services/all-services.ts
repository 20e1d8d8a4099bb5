/** Which services a stack has. */
import { PGMON_LABELS, type ServiceName } from '../../conventions.ts';
import type { RenderedFile, Service } from '../../stack/rendered-stack.ts';
import type { Stack } from '../../stack/stack.ts';
import { serviceHash } from '../service-hash.ts';
import { alertmanagerService } from './alertmanager.ts';
import { grafanaService } from './grafana.ts';
import { nodeExporterService } from './node-exporter.ts';
import { postgresService } from './postgres.ts';
import { postgresExporterService } from './postgres-exporter.ts';
import { prometheusService } from './prometheus.ts';
import { sqlExporterService } from './sql-exporter.ts';
import { workloadService } from './workload.ts';

const BUILDERS = {
  postgres: (stack) => (stack.postgres === null ? null : postgresService(stack, stack.postgres)),
  workload: (stack) => (stack.postgres === null ? null : workloadService(stack, stack.postgres)),
  'postgres-exporter': (stack) => postgresExporterService(stack, 'fast'),
  'postgres-exporter-slow': (stack) => postgresExporterService(stack, 'slow'),
  'sql-exporter': (stack) =>
    stack.sqlExporter === null ? null : sqlExporterService(stack, stack.sqlExporter),
  prometheus: prometheusService,
  alertmanager: (stack) =>
    stack.alertmanager === null ? null : alertmanagerService(stack, stack.alertmanager),
  'node-exporter': (stack) =>
    stack.nodeExporter === null ? null : nodeExporterService(stack, stack.nodeExporter),
  grafana: (stack, files) => (stack.grafana === null ? null : grafanaService(stack, stack.grafana, files)),
} as const satisfies Record<ServiceName, (stack: Stack, files: readonly RenderedFile[]) => Service | null>;

/** Every service of the stack with its labels, in the order of SERVICE_NAMES. `files`: what is mounted into them. */
export function buildServices(stack: Stack, files: readonly RenderedFile[]): readonly Service[] {
  return Object.values(BUILDERS).flatMap((build) => {
    const service = build(stack, files);
    if (service === null) return [];
    const labels = {
      [PGMON_LABELS.serviceHash]: serviceHash(service, files),
      [PGMON_LABELS.stack]: stack.name,
    };
    return [{ ...service, labels }];
  });
}
