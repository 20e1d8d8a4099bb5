/** The auth modules of the exporter's processes, one per server. Secret files: the exporter takes passwords only inline. */
import type { Tier } from '../catalog/collectors.ts';
import { statementSeconds, tierTimes } from '../stack/job-times.ts';
import type { SecretFile } from '../stack/rendered-stack.ts';
import type { Server, Stack } from '../stack/stack.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';
import { clientKeyPath, secretPath, secretsSource, secretValue } from './secret-files.ts';
import { EXPORTER_CONFIG, EXPORTER_OF } from './services/postgres-exporter.ts';

/** The exporter refuses an empty password; a server that asks for none never sees this. */
const NO_PASSWORD = 'none';

/**
 * Parameters of the connection string. A probe connects twice, one after the other; both must fail in time for the probe
 * to say `pg_up 0`. A statement that the scrape has given up ends too, so that a slow server does not collect them.
 */
function connectionOptions(stack: Stack, server: Server, tier: Tier): Readonly<Record<string, string>> {
  const { ca, cert, key } = server.tls;
  const service = EXPORTER_OF[tier];
  const times = tierTimes(stack, tier);
  return {
    application_name: 'pgmon',
    connect_timeout: String(Math.max(2, Math.floor((times.timeoutSeconds - 1) / 2))),
    statement_timeout: String(statementSeconds(times) * 1000),
    sslmode: server.sslMode,
    ...(ca === null ? {} : { sslrootcert: secretPath(stack, service, ca) }),
    ...(cert === null ? {} : { sslcert: secretPath(stack, service, cert) }),
    ...(key === null ? {} : { sslkey: clientKeyPath(stack, service, key) }),
  };
}

function buildModuleView(
  stack: Stack,
  tier: Tier,
  { server, values }: { readonly server: Server; readonly values: ReadonlyMap<string, string> },
) {
  return {
    name: server.name,
    user: server.user,
    password: server.password === null ? NO_PASSWORD : secretValue(values, server.password),
    options: sortedPairs(connectionOptions(stack, server, tier)),
  };
}

export function renderExporterConfig(stack: Stack, tier: Tier, { header, fill }: RenderContext): SecretFile {
  const { servers } = stack;
  return {
    path: `${secretsSource(EXPORTER_OF[tier])}/${EXPORTER_CONFIG}`,
    secrets: [...new Set(servers.flatMap(({ password }) => (password === null ? [] : [password])))].sort(),
    render: (values) =>
      fill('postgres-exporter.yml.hbs', {
        header,
        modules: servers.map((server) => buildModuleView(stack, tier, { server, values })),
      }),
  };
}
