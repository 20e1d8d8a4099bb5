/** The SQL exporter's own program: `node sql-exporter.mjs CONFIG`. Serves until SIGTERM, which ends it at once. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SqlExporterConfig } from '../stack/sql-exporter-config.ts';
import { createLog } from './log.ts';
import { createExporter } from './server.ts';

async function readConfig(file: string | undefined): Promise<SqlExporterConfig> {
  if (file === undefined) throw new Error('usage: node sql-exporter.mjs CONFIG');
  const module = (await import(pathToFileURL(path.resolve(file)).href)) as { default: SqlExporterConfig };
  return module.default;
}

// The first process of a container gets no signal that it does not ask for.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
const config = await readConfig(process.argv[2]);
const log = createLog((line) => void process.stdout.write(line));
const server = createExporter(config, log);
server.listen(config.port, config.address, () =>
  log.info('serving', {
    port: String(config.port),
    servers: String(config.servers.length),
  }),
);
