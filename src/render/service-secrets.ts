/** Which bare secret values each service gets as files; composed ones (web.yml, auth modules) are rendered elsewhere. */
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { isGrafanaEngine, mailServerOf } from './grafana-alerting.ts';
import { contactPointSecretFiles } from './grafana-contact-points.ts';
import { clientKeyFile, valueFiles } from './secret-files.ts';
import { alertmanagerSecretFiles } from './services/alertmanager.ts';
import { bundledServer } from './services/postgres.ts';
import { EXPORTER_OF } from './services/postgres-exporter.ts';
import { sqlExporterSecrets } from './sql-exporter.ts';

function prometheusSecrets({ prometheus }: Stack): readonly (string | null)[] {
  const { basicAuth, tls } = prometheus.web;
  return [basicAuth?.password ?? null, tls?.cert ?? null, tls?.key ?? null, tls?.ca ?? null];
}

function grafanaSecrets(stack: Stack): readonly (string | null)[] {
  const { grafana, prometheus } = stack;
  if (grafana === null) return [];
  const { basicAuth, tls } = prometheus.web;
  const mail = isGrafanaEngine(stack) ? mailServerOf(stack) : null;
  return [
    grafana.adminPassword,
    grafana.secretKey,
    basicAuth?.password ?? null,
    tls?.ca ?? null,
    mail?.passwordSecret ?? null,
  ];
}

/** What each process of the exporter needs to log in besides the auth modules. */
function exporterSecretFiles({ servers }: Stack): readonly SecretFile[] {
  return Object.values(EXPORTER_OF).flatMap((service) => [
    ...valueFiles(
      service,
      servers.flatMap(({ tls }) => [tls.ca, tls.cert]),
    ),
    ...servers.flatMap(({ tls }) => (tls.key === null ? [] : [clientKeyFile(service, tls.key)])),
  ]);
}

/** One file per secret and service. */
export function buildSecretFiles(stack: Stack): readonly SecretFile[] {
  const { postgres, alertmanager, delivery } = stack;
  const workload = postgres?.workloadPassword ?? null;
  return [
    ...valueFiles('prometheus', prometheusSecrets(stack)),
    ...valueFiles('grafana', grafanaSecrets(stack)),
    ...(isGrafanaEngine(stack) ? contactPointSecretFiles(delivery) : []),
    ...(alertmanager === null ? [] : alertmanagerSecretFiles(delivery)),
    ...exporterSecretFiles(stack),
    ...valueFiles('sql-exporter', sqlExporterSecrets(stack)),
    ...(postgres === null
      ? []
      : valueFiles('postgres', [
          postgres.superuserPassword,
          bundledServer(stack)?.password ?? null,
          workload,
        ])),
    ...valueFiles('workload', postgres?.workloadClients === 0 ? [] : [workload]),
  ];
}
