/** Which bare secret values each service gets as files; composed ones (web.yml, auth modules) are rendered elsewhere. */
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { clientKeyFile, valueFiles } from './secret-files.ts';
import { alertmanagerSecretFiles } from './services/alertmanager.ts';
import { bundledServer } from './services/postgres.ts';

function prometheusSecrets({ prometheus }: Stack): readonly (string | null)[] {
  const { basicAuth, tls } = prometheus.web;
  return [basicAuth?.password ?? null, tls?.cert ?? null, tls?.key ?? null, tls?.ca ?? null];
}

function grafanaSecrets({ grafana, prometheus }: Stack): readonly (string | null)[] {
  if (grafana === null) return [];
  const { basicAuth, tls } = prometheus.web;
  return [grafana.adminPassword, grafana.secretKey, basicAuth?.password ?? null, tls?.ca ?? null];
}

/** One file per secret and service. */
export function buildSecretFiles(stack: Stack): readonly SecretFile[] {
  const { postgres, alertmanager, servers } = stack;
  const workload = postgres?.workloadPassword ?? null;
  return [
    ...valueFiles('prometheus', prometheusSecrets(stack)),
    ...valueFiles('grafana', grafanaSecrets(stack)),
    ...(alertmanager === null ? [] : alertmanagerSecretFiles(alertmanager)),
    ...valueFiles(
      'postgres-exporter',
      servers.flatMap(({ tls }) => [tls.ca, tls.cert]),
    ),
    ...servers.flatMap(({ tls }) => (tls.key === null ? [] : [clientKeyFile('postgres-exporter', tls.key)])),
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
