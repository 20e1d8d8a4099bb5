/** prometheus.yml: what is scraped, and the file with which the healthcheck of a secured Prometheus logs in. */
import { hasRetentionInFile } from '../catalog/versions.ts';
import { CONTAINER_PORTS } from '../conventions.ts';
import { tierTimes } from '../stack/job-times.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';
import { retentionLimits } from './retention.ts';
import { isSecured, PROBE_CONFIG, prometheusScheme } from './services/prometheus.ts';
import { buildWebClientView } from './web-security.ts';

/**
 * A scrape with more samples fails: a guard against what nobody meant, far above a server with a thousand databases. The
 * fast job has none, because its failing scrape says that the server is down.
 */
const SLOW_SAMPLE_LIMIT = 100_000;
const SQL_SAMPLE_LIMIT = 200_000;

function buildNodeTargetsView({ nodeExporter }: Stack) {
  if (nodeExporter === null) return [];
  const own = { address: `node-exporter:${CONTAINER_PORTS['node-exporter']}`, labels: [] };
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
    hasAlertmanager: stack.alertmanager !== null,
    hasGrafana: stack.grafana !== null,
    nodeTargets: buildNodeTargetsView(stack),
    slow: tierTimes(stack, 'slow'),
    // The user who asks for the series of every table gets them all.
    slowSampleLimit: stack.postgresExporter.dropTableMetrics ? SLOW_SAMPLE_LIMIT : null,
    sqlSampleLimit: SQL_SAMPLE_LIMIT,
    hasSqlExporter: stack.sqlExporter !== null,
    web: {
      isSecured: isSecured(prometheus),
      scheme: prometheusScheme(prometheus),
      ...buildWebClientView(prometheus.web),
    },
  };
}

export function renderPrometheus(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  const config = {
    path: 'prometheus/prometheus.yml',
    content: fill('prometheus.yml.hbs', { header, ...buildPrometheusView(stack) }),
  };
  if (!isSecured(stack.prometheus)) return [config];
  const probe = {
    path: `prometheus/${PROBE_CONFIG}`,
    content: fill('prometheus-probe.yml.hbs', { header, ...buildWebClientView(stack.prometheus.web) }),
  };
  return [config, probe];
}
