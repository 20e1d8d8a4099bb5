/** The Grafana service: quiet and offline, secrets from files, nothing written outside its volume and /tmp. */
import { hasPluginAutoUpdate } from '../../catalog/versions.ts';
import { CONTAINER_PORTS, MORE_DASHBOARDS_DIR } from '../../conventions.ts';
import type { RenderedFile, Service } from '../../stack/rendered-stack.ts';
import type { Grafana, Stack } from '../../stack/stack.ts';
import { alertingEnvironment, webhookHosts } from '../grafana-alerting.ts';
import { secretPath } from '../secret-files.ts';
import {
  configMount,
  defineService,
  hostGateway,
  plainHttpReadiness,
  publishedPorts,
  secretsMount,
  slowHealthcheck,
  TMP,
  volumeMount,
  wgetCommand,
} from './base-service.ts';

const PORT = CONTAINER_PORTS.grafana;
/** Volume key. */
const GRAFANA_DATA = 'grafana-data';
/** Where Grafana's container sees `grafana/dashboards`. */
export const DASHBOARDS_MOUNT = '/etc/grafana/dashboards';
/** The same for MORE_DASHBOARDS_DIR. */
export const MORE_DASHBOARDS_MOUNT = '/etc/grafana/more-dashboards';

/** Nothing calls home, nothing is downloaded: an air-gapped machine starts as fast as any other. */
const QUIET = {
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: 'false',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
  GF_SECURITY_DISABLE_GRAVATAR: 'true',
} as const;

function pluginSettings(version: string): Readonly<Record<string, string>> {
  return hasPluginAutoUpdate(version)
    ? { GF_PLUGINS_PREINSTALL_AUTO_UPDATE: 'false' }
    : { GF_PLUGINS_PREINSTALL_DISABLED: 'true' };
}

function environment(stack: Stack, grafana: Grafana): Readonly<Record<string, string>> {
  return {
    ...QUIET,
    ...pluginSettings(grafana.image.version),
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    // Write-ahead logging halves the time of the first start's migrations.
    GF_DATABASE_WAL: 'true',
    GF_LOG_LEVEL: 'warn',
    GF_LOG_MODE: 'console',
    GF_SECURITY_ADMIN_PASSWORD__FILE: secretPath(grafana.adminPassword),
    GF_SECURITY_ADMIN_USER: grafana.adminUser,
    GF_SECURITY_SECRET_KEY__FILE: secretPath(grafana.secretKey),
    GF_USERS_ALLOW_SIGN_UP: 'false',
    ...alertingEnvironment(stack),
    ...(grafana.rootUrl === null ? {} : { GF_SERVER_ROOT_URL: grafana.rootUrl }),
  };
}

/** The directory is mounted when something is in it. */
function moreDashboards(files: readonly RenderedFile[]) {
  return files.some(({ path }) => path.startsWith(`${MORE_DASHBOARDS_DIR}/`))
    ? [configMount(MORE_DASHBOARDS_DIR, MORE_DASHBOARDS_MOUNT)]
    : [];
}

/** `files`: what is rendered for the stack. */
export function grafanaService(stack: Stack, grafana: Grafana, files: readonly RenderedFile[]): Service {
  return defineService(grafana, {
    name: 'grafana',
    environment: environment(stack, grafana),
    ports: publishedPorts(grafana, PORT),
    mounts: [
      configMount('grafana/provisioning', '/etc/grafana/provisioning'),
      configMount('grafana/dashboards', DASHBOARDS_MOUNT),
      ...moreDashboards(files),
      secretsMount('grafana'),
      volumeMount(GRAFANA_DATA, '/var/lib/grafana'),
    ],
    tmpfs: [TMP],
    extraHosts: hostGateway(webhookHosts(stack)),
    stopGraceSeconds: 30,
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/api/health'), 60),
    readiness: plainHttpReadiness(PORT, '/api/health'),
    configInputs: [
      { prefix: 'grafana/provisioning/', reaction: { kind: 'recreate' } },
      { prefix: 'grafana/dashboards/', reaction: { kind: 'none' } },
      { prefix: `${MORE_DASHBOARDS_DIR}/`, reaction: { kind: 'none' } },
    ],
    secretsDir: 'grafana',
    startWeight: 90,
  });
}
