/** The exporter's auth modules, one per server. A secret file: the exporter takes passwords only inline. */
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Server, Stack } from '../stack/stack.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';
import { clientKeyPath, secretPath, secretsSource, secretValue } from './secret-files.ts';
import { EXPORTER_CONFIG } from './services/postgres-exporter.ts';

/** The exporter refuses an empty password; a server that asks for none never sees this. */
const NO_PASSWORD = 'none';

/** Parameters of the connection string. */
function connectionOptions(server: Server, timeoutSeconds: number): Readonly<Record<string, string>> {
  const { ca, cert, key } = server.tls;
  return {
    application_name: 'pgmon',
    connect_timeout: String(Math.max(2, Math.floor(timeoutSeconds / 2))),
    sslmode: server.sslMode,
    ...(ca === null ? {} : { sslrootcert: secretPath(ca) }),
    ...(cert === null ? {} : { sslcert: secretPath(cert) }),
    ...(key === null ? {} : { sslkey: clientKeyPath(key) }),
  };
}

function buildModuleView(server: Server, timeoutSeconds: number, values: ReadonlyMap<string, string>) {
  return {
    name: server.name,
    user: server.user,
    password: server.password === null ? NO_PASSWORD : secretValue(values, server.password),
    options: sortedPairs(connectionOptions(server, timeoutSeconds)),
  };
}

export function renderExporterConfig(stack: Stack, { header, fill }: RenderContext): SecretFile {
  const { servers, scrape } = stack;
  return {
    path: `${secretsSource('postgres-exporter')}/${EXPORTER_CONFIG}`,
    secrets: [...new Set(servers.flatMap(({ password }) => (password === null ? [] : [password])))].sort(),
    render: (values) =>
      fill('postgres-exporter.yml.hbs', {
        header,
        modules: servers.map((server) => buildModuleView(server, scrape.timeoutSeconds, values)),
      }),
  };
}
