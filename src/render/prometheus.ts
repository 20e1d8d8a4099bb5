/** prometheus.yml: what is scraped, and the file with which the healthcheck of a secured Prometheus logs in. */
import { hasRetentionInFile } from '../catalog/versions.ts';
import type { ServiceName } from '../conventions.ts';
import { tierTimes } from '../stack/job-times.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { layoutOf } from './layout.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';
import { retentionLimits } from './retention.ts';
import { yamlString } from './scalars.ts';
import { isSecured, PROBE_CONFIG, prometheusScheme } from './services/prometheus.ts';
import { buildWebClientView } from './web-security.ts';

/**
 * A scrape with more samples fails: a guard against what nobody meant, far above a server with a thousand databases. The
 * fast job has none, because its failing scrape says that the server is down.
 */
const SLOW_SAMPLE_LIMIT = 100_000;
const SQL_SAMPLE_LIMIT = 200_000;

/** Already YAML: the name of a container as it is, everything else quoted. */
function addressOf(stack: Stack, service: ServiceName): string {
  const address = layoutOf(stack).address(service);
  return /^[a-z-]+:\d+$/.test(address) ? address : yamlString(address);
}

function buildNodeTargetsView(stack: Stack) {
  const { nodeExporter } = stack;
  if (nodeExporter === null) return [];
  const own = { address: layoutOf(stack).address('node-exporter'), labels: [] };
  const remote = nodeExporter.remoteTargets.map(({ address, labels }) => ({
    address,
    labels: sortedPairs(labels),
  }));
  return [own, ...remote];
}

function buildPrometheusView(stack: Stack) {
  const { prometheus, scrape } = stack;
  return {
    scrapeIntervalSeconds: scrape.intervalSeconds,
    scrapeTimeoutSeconds: scrape.timeoutSeconds,
    evaluationIntervalSeconds: scrape.evaluationIntervalSeconds,
    externalLabels: sortedPairs(stack.externalLabels),
    retention: hasRetentionInFile(prometheus.image.version) ? retentionLimits(prometheus) : [],
    prometheusAddress: addressOf(stack, 'prometheus'),
    exporterAddress: addressOf(stack, 'postgres-exporter'),
    slowExporterAddress: addressOf(stack, 'postgres-exporter-slow'),
    sqlExporterAddress: stack.sqlExporter === null ? null : addressOf(stack, 'sql-exporter'),
    alertmanagerAddress: stack.alertmanager === null ? null : addressOf(stack, 'alertmanager'),
    grafanaAddress: stack.grafana === null ? null : addressOf(stack, 'grafana'),
    nodeTargets: buildNodeTargetsView(stack),
    slow: tierTimes(stack, 'slow'),
    // The user who asks for the series of every table gets them all.
    slowSampleLimit: stack.postgresExporter.dropTableMetrics ? SLOW_SAMPLE_LIMIT : null,
    sqlSampleLimit: SQL_SAMPLE_LIMIT,
    web: {
      isSecured: isSecured(prometheus),
      scheme: prometheusScheme(prometheus),
      ...buildWebClientView(stack, 'prometheus'),
    },
  };
}

export function renderPrometheus(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  const config = {
    path: 'prometheus/prometheus.yml',
    content: fill('prometheus.yml.hbs', { header, ...buildPrometheusView(stack) }),
  };
  // Only a container has a healthcheck.
  if (!isSecured(stack.prometheus) || stack.native !== null) return [config];
  const probe = {
    path: `prometheus/${PROBE_CONFIG}`,
    content: fill('prometheus-probe.yml.hbs', { header, ...buildWebClientView(stack, 'prometheus') }),
  };
  return [config, probe];
}
