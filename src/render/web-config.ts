/** Prometheus' web configuration (exporter-toolkit): TLS and the bcrypt hash of the password. A secret file. */
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Stack, WebSecurity } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { secretPath, secretsSource, secretValue } from './secret-files.ts';
import { isSecured } from './services/prometheus.ts';

function buildWebView({ basicAuth, tls }: WebSecurity, values: ReadonlyMap<string, string>) {
  return {
    basicAuth:
      basicAuth === null
        ? null
        : { user: basicAuth.user, passwordHash: secretValue(values, basicAuth.passwordHash) },
    tls: tls === null ? null : { certFile: secretPath(tls.cert), keyFile: secretPath(tls.key) },
  };
}

export function renderWebConfig(
  { prometheus }: Stack,
  { header, fill }: RenderContext,
): readonly SecretFile[] {
  if (!isSecured(prometheus)) return [];
  const { web } = prometheus;
  return [
    {
      path: `${secretsSource('prometheus')}/web.yml`,
      secrets: web.basicAuth === null ? [] : [web.basicAuth.passwordHash],
      render: (values) => fill('prometheus-web.yml.hbs', { header, ...buildWebView(web, values) }),
    },
  ];
}
