/** The file with one target per server. Written by hand, not by a template: with 10,000 servers it is most of the output. */
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Server, Stack } from '../stack/stack.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';
import { wellFormed, yamlString } from './scalars.ts';

/** The exporter's form for a Unix socket: no host, and its directory among the parameters. */
function socketTarget({ scrapeHost, port, database }: Server): string {
  const directory = encodeURIComponent(wellFormed(scrapeHost)).replaceAll('%2F', '/');
  return `/${encodeURIComponent(wellFormed(database))}?host=${directory}&port=${port}`;
}

/** `host:port/database` as the exporter's /probe takes it. */
function probeTarget(server: Server): string {
  const { scrapeHost, port, database } = server;
  if (scrapeHost.startsWith('/')) return socketTarget(server);
  const host = scrapeHost.includes(':') ? `[${scrapeHost}]` : encodeURIComponent(wellFormed(scrapeHost));
  return `${host}:${port}/${encodeURIComponent(wellFormed(database))}`;
}

function renderTarget(server: Server): string {
  const labels = { ...server.labels, __param_auth_module: server.name, instance: server.name };
  const lines = sortedPairs(labels).map(
    ({ name, value }) => `    ${yamlString(name)}: ${yamlString(value)}\n`,
  );
  return `- targets: [${yamlString(probeTarget(server))}]\n  labels:\n${lines.join('')}`;
}

/** Prometheus watches this file: a change needs no reload. */
export function renderTargets(stack: Stack, { header }: RenderContext): RenderedFile {
  const body = stack.servers.length === 0 ? '[]\n' : stack.servers.map(renderTarget).join('');
  return { path: 'prometheus/targets/postgresql.yml', content: `# ${header}\n${body}` };
}
