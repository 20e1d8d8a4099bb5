/** The Grafana service: quiet and offline, secrets from files, nothing written outside its volume and /tmp. */
import { hasPluginAutoUpdate } from '../../catalog/versions.ts';
import { CONTAINER_PORTS, MORE_DASHBOARDS_DIR } from '../../conventions.ts';
import type { RenderedFile, Service } from '../../stack/rendered-stack.ts';
import type { Grafana, Stack } from '../../stack/stack.ts';
import { alertingEnvironment, webhookHosts } from '../grafana-alerting.ts';
import { dashboardDirs, secretSetting } from '../grafana-places.ts';
import { layoutOf } from '../layout.ts';
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

/** What the image says itself. */
function placeSettings(stack: Stack): Readonly<Record<string, string>> {
  const { config, data, listen } = layoutOf(stack);
  const place = listen('grafana');
  if (place === null) return {};
  return {
    GF_PATHS_DATA: data('grafana'),
    GF_PATHS_LOGS: `${data('grafana')}/log`,
    GF_PATHS_PLUGINS: `${data('grafana')}/plugins`,
    GF_PATHS_PROVISIONING: `${config('grafana')}/provisioning`,
    GF_SERVER_HTTP_ADDR: place.address,
    GF_SERVER_HTTP_PORT: String(place.port),
  };
}

/** The directory above `bin/` in an archive; a package keeps its files apart from its program. */
function homeDir(program: string): string {
  const [, home = ''] = /^(.+)\/bin\/[^/]+$/.exec(program) ?? [];
  return home === '' || home === '/usr' || home === '/usr/local' ? '/usr/share/grafana' : home;
}

/** Nothing for the image, whose own start script knows. */
function command({ native }: Stack): readonly string[] {
  const program = native?.programs.grafana;
  return program === undefined ? [] : ['server', '--homepath', homeDir(program.path)];
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
    ...secretSetting(stack, 'GF_SECURITY_ADMIN_PASSWORD', grafana.adminPassword),
    GF_SECURITY_ADMIN_USER: grafana.adminUser,
    ...secretSetting(stack, 'GF_SECURITY_SECRET_KEY', grafana.secretKey),
    GF_USERS_ALLOW_SIGN_UP: 'false',
    ...alertingEnvironment(stack),
    ...placeSettings(stack),
    ...(grafana.rootUrl === null ? {} : { GF_SERVER_ROOT_URL: grafana.rootUrl }),
  };
}

/** The directory is mounted when something is in it. */
function moreDashboards(stack: Stack, files: readonly RenderedFile[]) {
  return files.some(({ path }) => path.startsWith(`${MORE_DASHBOARDS_DIR}/`))
    ? [configMount(MORE_DASHBOARDS_DIR, dashboardDirs(stack).more)]
    : [];
}

/** `files`: what is rendered for the stack. */
export function grafanaService(stack: Stack, grafana: Grafana, files: readonly RenderedFile[]): Service {
  const layout = layoutOf(stack);
  return defineService(stack, grafana, {
    name: 'grafana',
    command: command(stack),
    environment: environment(stack, grafana),
    ports: publishedPorts(grafana, PORT),
    mounts: [
      configMount('grafana/provisioning', `${layout.config('grafana')}/provisioning`),
      configMount('grafana/dashboards', dashboardDirs(stack).own),
      ...moreDashboards(stack, files),
      secretsMount('grafana'),
      volumeMount(GRAFANA_DATA, layout.data('grafana')),
    ],
    tmpfs: [TMP],
    extraHosts: hostGateway(webhookHosts(stack)),
    stopGraceSeconds: 30,
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/api/health'), 60),
    readiness: plainHttpReadiness(layout.port('grafana'), '/api/health'),
    configInputs: [
      { prefix: 'grafana/provisioning/', reaction: { kind: 'recreate' } },
      { prefix: 'grafana/dashboards/', reaction: { kind: 'none' } },
      { prefix: `${MORE_DASHBOARDS_DIR}/`, reaction: { kind: 'none' } },
    ],
    secretsDir: 'grafana',
    startWeight: 90,
  });
}
