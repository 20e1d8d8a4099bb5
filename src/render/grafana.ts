/** Grafana's provisioning: the data source and where dashboards are; those are in dashboards.ts. */
import { DASHBOARD_FOLDER, DASHBOARD_FOLDER_UID, DATA_SOURCE_NAME, DATA_SOURCE_UID } from '../conventions.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { dashboardDirs, fileReference } from './grafana-places.ts';
import { layoutOf } from './layout.ts';
import type { RenderContext } from './render-context.ts';
import { prometheusScheme } from './services/prometheus.ts';
import { buildWebClientView } from './web-security.ts';

function buildDataSourceView(stack: Stack) {
  const { prometheus, scrape } = stack;
  const { basicAuth, tls } = buildWebClientView(stack, 'grafana');
  const caReference = tls === null || tls.caFile === null ? null : fileReference(tls.caFile);
  return {
    name: DATA_SOURCE_NAME,
    uid: DATA_SOURCE_UID,
    url: `${prometheusScheme(prometheus)}://${layoutOf(stack).address('prometheus')}`,
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

export function renderGrafana(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  if (stack.grafana === null) return [];
  const provider = {
    folder: DASHBOARD_FOLDER,
    folderUid: DASHBOARD_FOLDER_UID,
    path: dashboardDirs(stack).own,
  };
  return [
    {
      path: 'grafana/provisioning/datasources/pgmon.yml',
      content: fill('grafana-datasource.yml.hbs', { header, ...buildDataSourceView(stack) }),
    },
    {
      path: 'grafana/provisioning/dashboards/pgmon.yml',
      content: fill('grafana-dashboards.yml.hbs', { header, ...provider }),
    },
  ];
}
