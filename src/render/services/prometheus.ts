/** The Prometheus service: flags by version, no lifecycle endpoint (SIGHUP reloads), probes that authenticate when secured. */
import { hasRetentionInFile } from '../../catalog/versions.ts';
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { ConfigReaction, Readiness, Service } from '../../stack/rendered-stack.ts';
import type { Prometheus, Stack } from '../../stack/stack.ts';
import { layoutOf } from '../layout.ts';
import { retentionLimits } from '../retention.ts';
import { secretPath } from '../secret-files.ts';
import {
  configMount,
  defineService,
  hostGateway,
  listenFlag,
  publishedPorts,
  secretsMount,
  slowHealthcheck,
  volumeMount,
  wgetCommand,
} from './base-service.ts';

const PORT = CONTAINER_PORTS.prometheus;
const READY = '/-/ready';
/** Volume key. */
const PROMETHEUS_DATA = 'prometheus-data';
/** HTTP client configuration of the healthcheck, below `prometheus/`; only there when the web interface is secured. */
export const PROBE_CONFIG = 'probe.yml';

const RELOAD: ConfigReaction = {
  kind: 'reload',
  loadedAtMetric: 'prometheus_config_last_reload_success_timestamp_seconds',
  successMetric: 'prometheus_config_last_reload_successful',
};

/** Name of the web interface's configuration, below the service's secrets. */
export const WEB_CONFIG = 'web.yml';

/** True when the web interface asks for credentials or speaks TLS. */
export function isSecured(prometheus: Prometheus): boolean {
  return prometheus.web.basicAuth !== null || prometheus.web.tls !== null;
}

/** `http` or `https`. */
export function prometheusScheme(prometheus: Prometheus): 'http' | 'https' {
  return prometheus.web.tls === null ? 'http' : 'https';
}

function retentionFlags(prometheus: Prometheus): readonly string[] {
  if (hasRetentionInFile(prometheus.image.version)) return [];
  return retentionLimits(prometheus).map(({ name, value }) => `--storage.tsdb.retention.${name}=${value}`);
}

function command(stack: Stack): readonly string[] {
  const { prometheus } = stack;
  const { config, data } = layoutOf(stack);
  return [
    `--config.file=${config('prometheus')}/prometheus.yml`,
    `--storage.tsdb.path=${data('prometheus')}`,
    ...listenFlag(stack, 'prometheus'),
    ...retentionFlags(prometheus),
    ...(isSecured(prometheus) ? [`--web.config.file=${secretPath(stack, 'prometheus', WEB_CONFIG)}`] : []),
    ...(prometheus.externalUrl === null
      ? []
      : [`--web.external-url=${prometheus.externalUrl}`, '--web.route-prefix=/']),
  ];
}

/** Of the container's healthcheck. */
function probeCommand(stack: Stack): readonly string[] {
  const { prometheus } = stack;
  const hasShellTools = !prometheus.image.reference.includes('distroless');
  if (!isSecured(prometheus) && hasShellTools) return wgetCommand(PORT, READY);
  return [
    'promtool',
    'check',
    'ready',
    ...(isSecured(prometheus)
      ? [`--http.config.file=${layoutOf(stack).config('prometheus')}/${PROBE_CONFIG}`]
      : []),
    `--url=${prometheusScheme(prometheus)}://127.0.0.1:${PORT}`,
  ];
}

function readiness(stack: Stack): Readiness {
  const { prometheus } = stack;
  const { basicAuth, tls } = prometheus.web;
  return {
    kind: 'http',
    scheme: prometheusScheme(prometheus),
    containerPort: layoutOf(stack).port('prometheus'),
    path: READY,
    basicAuth: basicAuth === null ? null : { user: basicAuth.user, password: basicAuth.password },
    ca: tls?.ca ?? null,
    serverName: tls?.serverName ?? null,
  };
}

export function prometheusService(stack: Stack): Service {
  const { prometheus } = stack;
  const { config, data } = layoutOf(stack);
  return defineService(stack, prometheus, {
    name: 'prometheus',
    command: command(stack),
    ports: publishedPorts(prometheus, PORT),
    mounts: [
      configMount('prometheus', config('prometheus')),
      ...(isSecured(prometheus) ? [secretsMount('prometheus')] : []),
      volumeMount(PROMETHEUS_DATA, data('prometheus')),
    ],
    extraHosts: hostGateway((stack.nodeExporter?.remoteTargets ?? []).map((target) => target.address)),
    stopGraceSeconds: 60,
    healthcheck: slowHealthcheck(stack, probeCommand(stack), 60),
    readiness: readiness(stack),
    configInputs: [
      { prefix: 'prometheus/prometheus.yml', reaction: RELOAD },
      { prefix: 'prometheus/rules/', reaction: RELOAD },
      { prefix: 'prometheus/targets/', reaction: { kind: 'none' } },
      { prefix: `prometheus/${PROBE_CONFIG}`, reaction: { kind: 'none' } },
    ],
    secretsDir: isSecured(prometheus) ? 'prometheus' : null,
    startWeight: 50,
  });
}
