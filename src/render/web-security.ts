/** Prometheus' web security as its clients see it: itself, its healthcheck, Grafana. */
import type { WebSecurity } from '../stack/stack.ts';
import { secretPath } from './secret-files.ts';

export interface WebClientView {
  readonly basicAuth: { readonly user: string; readonly passwordFile: string } | null;
  readonly tls: { readonly caFile: string | null; readonly serverName: string } | null;
}

/** Files are paths inside the container. */
export function buildWebClientView({ basicAuth, tls }: WebSecurity): WebClientView {
  return {
    basicAuth:
      basicAuth === null ? null : { user: basicAuth.user, passwordFile: secretPath(basicAuth.password) },
    tls:
      tls === null
        ? null
        : { caFile: tls.ca === null ? null : secretPath(tls.ca), serverName: tls.serverName },
  };
}
