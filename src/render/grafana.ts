/** Grafana's provisioning: the data source and where dashboards are; those are in dashboards.ts. */
import {
  CONTAINER_PORTS,
  DASHBOARD_FOLDER,
  DASHBOARD_FOLDER_UID,
  DATA_SOURCE_NAME,
  DATA_SOURCE_UID,
} from '../conventions.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { DASHBOARDS_MOUNT } from './services/grafana.ts';
import { prometheusScheme } from './services/prometheus.ts';
import { buildWebClientView } from './web-security.ts';

/** Grafana reads the file itself when it provisions. */
function fileReference(file: string): string {
  return `$__file{${file}}`;
}

function buildDataSourceView({ prometheus, scrape }: Stack) {
  const { basicAuth, tls } = buildWebClientView(prometheus.web);
  const caReference = tls === null || tls.caFile === null ? null : fileReference(tls.caFile);
  return {
    name: DATA_SOURCE_NAME,
    uid: DATA_SOURCE_UID,
    url: `${prometheusScheme(prometheus)}://prometheus:${CONTAINER_PORTS.prometheus}`,
    timeInterval: `${scrape.intervalSeconds}s`,
    prometheusVersion: prometheus.image.version,
    basicAuth:
      basicAuth === null
        ? null
        : { user: basicAuth.user, passwordReference: fileReference(basicAuth.passwordFile) },
    tls: tls === null ? null : { serverName: tls.serverName, caReference },
    hasSecureData: basicAuth !== null || caReference !== null,
  };
}

const PROVIDER = {
  folder: DASHBOARD_FOLDER,
  folderUid: DASHBOARD_FOLDER_UID,
  path: DASHBOARDS_MOUNT,
} as const;

export function renderGrafana(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  if (stack.grafana === null) return [];
  return [
    {
      path: 'grafana/provisioning/datasources/pgmon.yml',
      content: fill('grafana-datasource.yml.hbs', { header, ...buildDataSourceView(stack) }),
    },
    {
      path: 'grafana/provisioning/dashboards/pgmon.yml',
      content: fill('grafana-dashboards.yml.hbs', { header, ...PROVIDER }),
    },
  ];
}
