/** Prometheus' web security as its clients see it: itself, its healthcheck, Grafana. */
import type { ServiceName } from '../conventions.ts';
import type { Stack } from '../stack/stack.ts';
import { secretPath } from './secret-files.ts';

export interface WebClientView {
  readonly basicAuth: { readonly user: string; readonly passwordFile: string } | null;
  readonly tls: { readonly caFile: string | null; readonly serverName: string } | null;
}

/** Files are paths as the process of `client` sees them. */
export function buildWebClientView(stack: Stack, client: ServiceName): WebClientView {
  const { basicAuth, tls } = stack.prometheus.web;
  const fileOf = (id: string) => secretPath(stack, client, id);
  return {
    basicAuth: basicAuth === null ? null : { user: basicAuth.user, passwordFile: fileOf(basicAuth.password) },
    tls:
      tls === null ? null : { caFile: tls.ca === null ? null : fileOf(tls.ca), serverName: tls.serverName },
  };
}
