/** Turns a resolved stack into everything that is written and started: files, secret files, services. Pure. */
import { headerText } from '../conventions.ts';
import type { DashboardFile } from '../stack/dashboard-file.ts';
import type { RenderedFile, RenderedStack, SecretFile, Service } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { renderAlertmanager } from './alertmanager.ts';
import { renderCompose } from './compose.ts';
import { renderDashboards } from './dashboards.ts';
import { renderExtraDashboards } from './extra-dashboards.ts';
import { renderGrafana } from './grafana.ts';
import { renderGrafanaAlerting } from './grafana-alerting.ts';
import { renderExporterConfig } from './postgres-exporter.ts';
import { renderPrometheus } from './prometheus.ts';
import type { RenderContext } from './render-context.ts';
import { renderRules } from './rules.ts';
import { commentText } from './scalars.ts';
import { buildSecretFiles } from './service-secrets.ts';
import { buildServices } from './services/all-services.ts';
import { renderInitScript, renderRoleScript } from './sql.ts';
import { renderSqlExporter, SQL_EXPORTER_PROGRAM } from './sql-exporter.ts';
import { renderUnits } from './systemd/render-units.ts';
import { systemUsers } from './systemd/system-files.ts';
import { renderTargets } from './targets.ts';
import { createTemplateEngine, type Templates, templateText } from './template-engine.ts';
import { renderWebConfig } from './web-config.ts';
import { renderWorkload } from './workload.ts';

export interface RenderOptions {
  /** pgmon's own version, for the header. */
  readonly version: string;
  readonly templates: Templates;
  /** The user's own; uids unique, none of them pgmon's. */
  readonly dashboards?: readonly DashboardFile[];
}

const NETWORKS = ['default'] as const;

function byPath<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function configFiles(stack: Stack, context: RenderContext): readonly RenderedFile[] {
  return [
    ...renderPrometheus(stack, context),
    renderTargets(stack, context),
    ...renderRules(stack, context),
    ...renderAlertmanager(stack, context),
    ...renderGrafana(stack, context),
    ...renderGrafanaAlerting(stack, context),
    ...renderInitScript(stack, context),
    ...renderRoleScript(stack, context),
    ...renderWorkload(stack, context),
  ];
}

function volumesOf(services: readonly Service[]): readonly string[] {
  const sources = services.flatMap((service) => service.mounts.filter((mount) => mount.kind === 'volume'));
  return [...new Set(sources.map((mount) => mount.source))].sort();
}

function secretFilesOf(stack: Stack, context: RenderContext): readonly SecretFile[] {
  return [
    ...buildSecretFiles(stack),
    ...renderWebConfig(stack, context),
    renderExporterConfig(stack, 'fast', context),
    renderExporterConfig(stack, 'slow', context),
  ];
}

type Parts = Pick<RenderedStack, 'services' | 'files' | 'secretFiles'>;

function containerStack(
  { name, runtime }: Stack,
  { services, files, secretFiles }: Parts,
  context: RenderContext,
): RenderedStack {
  const volumes = volumesOf(services);
  const compose = renderCompose({ name, services, volumes, networks: NETWORKS }, context);
  const all = byPath([compose, ...files]);
  return { name, runtime, files: all, secretFiles, services, volumes, networks: NETWORKS, users: [] };
}

function unitStack({ name, runtime }: Stack, parts: Parts, context: RenderContext): RenderedStack {
  const units = renderUnits({ name, ...parts }, context);
  return {
    name,
    runtime,
    files: byPath([...units.files, ...parts.files]),
    secretFiles: parts.secretFiles,
    services: units.services,
    volumes: volumesOf(units.services),
    networks: [],
    users: systemUsers(units.services),
  };
}

/** Same stack, same version, same templates: same bytes. Throws only for a broken template, which is a bug of ours. */
export function renderStack(
  stack: Stack,
  { version, templates, dashboards = [] }: RenderOptions,
): RenderedStack {
  const context: RenderContext = {
    header: headerText(version, commentText(stack.specName)),
    fill: createTemplateEngine(templates),
  };
  const program = templateText(templates, SQL_EXPORTER_PROGRAM);
  const files = [
    ...configFiles(stack, context),
    ...renderDashboards(stack, context, templates),
    ...renderExtraDashboards(stack, context, dashboards),
    ...renderSqlExporter(stack, context, program),
  ];
  const services = buildServices(stack, files);
  const secretFiles = byPath(secretFilesOf(stack, context));
  const build = stack.native === null ? containerStack : unitStack;
  return build(stack, { services, files, secretFiles }, context);
}
