/** Prometheus' web configuration (exporter-toolkit): TLS and the bcrypt hash of the password. A secret file. */
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { secretPath, secretsSource, secretValue } from './secret-files.ts';
import { isSecured, WEB_CONFIG } from './services/prometheus.ts';

function buildWebView(stack: Stack, values: ReadonlyMap<string, string>) {
  const { basicAuth, tls } = stack.prometheus.web;
  const fileOf = (id: string) => secretPath(stack, 'prometheus', id);
  return {
    basicAuth:
      basicAuth === null
        ? null
        : { user: basicAuth.user, passwordHash: secretValue(values, basicAuth.passwordHash) },
    tls: tls === null ? null : { certFile: fileOf(tls.cert), keyFile: fileOf(tls.key) },
  };
}

export function renderWebConfig(stack: Stack, { header, fill }: RenderContext): readonly SecretFile[] {
  if (!isSecured(stack.prometheus)) return [];
  const { basicAuth } = stack.prometheus.web;
  return [
    {
      path: `${secretsSource('prometheus')}/${WEB_CONFIG}`,
      secrets: basicAuth === null ? [] : [basicAuth.passwordHash],
      render: (values) => fill('prometheus-web.yml.hbs', { header, ...buildWebView(stack, values) }),
    },
  ];
}
