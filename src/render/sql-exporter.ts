/** What the SQL exporter gets: its program, and the configuration without a secret. */
import { SQL_QUERIES } from '../catalog/sql-queries/all-queries.ts';
import type { SqlQuery } from '../catalog/sql-queries/sql-query.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { ExporterQuery, ExporterServer, SqlExporterConfig } from '../stack/sql-exporter-config.ts';
import type { Server, SqlExporter, Stack } from '../stack/stack.ts';
import { customQuery } from './custom-sql.ts';
import { layoutOf } from './layout.ts';
import type { RenderContext } from './render-context.ts';
import { wellFormed } from './scalars.ts';
import { secretPath } from './secret-files.ts';

/** Directory below the output directory, and the files in it. */
export const SQL_EXPORTER_DIR = 'sql-exporter';
export const SQL_EXPORTER_PROGRAM = 'sql-exporter.mjs';
export const SQL_EXPORTER_CONFIG = 'config.mjs';

/** The interval that the queries' own ones are meant for. */
const USUAL_SLOW_INTERVAL = 60;

/** Whoever scrapes more often than usual wants newer figures; whoever scrapes less often gets them then anyway. */
function intervalSeconds(query: SqlQuery, { scrape }: Stack): number {
  const share = Math.min(1, scrape.slowIntervalSeconds / USUAL_SLOW_INTERVAL);
  return Math.max(1, Math.round(query.intervalSeconds * share));
}

function ownQuery(query: SqlQuery, stack: Stack, topTables: number): ExporterQuery {
  return {
    ...query,
    sql: query.sql.trim().replaceAll('<top>', String(topTables)),
    intervalSeconds: intervalSeconds(query, stack),
    servers: null,
    runsAlone: false,
  };
}

function exporterServer(stack: Stack, server: Server): ExporterServer {
  const fileOf = (id: string | null) => (id === null ? null : secretPath(stack, 'sql-exporter', id));
  const { name, port, database, user, sslMode, databases, tls } = server;
  return {
    name,
    host: server.scrapeHost,
    port,
    database,
    user,
    passwordFile: fileOf(server.password),
    caFile: fileOf(tls.ca),
    certFile: fileOf(tls.cert),
    keyFile: fileOf(tls.key),
    sslMode,
    databases,
  };
}

/** Ids of the secrets that the exporter reads, each from a file of its own. */
export function sqlExporterSecrets({ sqlExporter, servers }: Stack): readonly string[] {
  if (sqlExporter === null) return [];
  return servers
    .flatMap(({ password, tls }) => [password, tls.ca, tls.cert, tls.key])
    .filter((id) => id !== null);
}

/** The configuration as data. */
export function buildSqlExporterConfig(
  stack: Stack,
  { topTables, maxDatabases, customMetrics }: SqlExporter,
): SqlExporterConfig {
  const { listen, port } = layoutOf(stack);
  const place = listen('sql-exporter');
  return {
    ...(place === null ? {} : { address: place.address }),
    port: port('sql-exporter'),
    maxDatabases,
    servers: stack.servers.map((server) => exporterServer(stack, server)),
    queries: [
      ...SQL_QUERIES.map((query) => ownQuery(query, stack, topTables)),
      ...customMetrics.map(customQuery),
    ],
  };
}

const SEVERAL_LINES = /"(?:[^"\\]|\\.)*?\\n(?:[^"\\]|\\.)*"/g;

function templateLiteral(text: string): string {
  const escaped = text.replace(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\r', '\\r');
  return `\`${escaped}\``;
}

/** A module whose default export is the value; texts of several lines stay readable. */
export function moduleText(value: unknown): string {
  const json = wellFormed(JSON.stringify(value, null, 2));
  const readable = json.replace(SEVERAL_LINES, (literal) => templateLiteral(JSON.parse(literal) as string));
  return `export default ${readable};\n`;
}

/** `program`: the text of the built exporter. */
export function renderSqlExporter(
  stack: Stack,
  { header }: RenderContext,
  program: string,
): readonly RenderedFile[] {
  if (stack.sqlExporter === null) return [];
  const config = moduleText(buildSqlExporterConfig(stack, stack.sqlExporter));
  const files = [
    [SQL_EXPORTER_CONFIG, config],
    [SQL_EXPORTER_PROGRAM, program],
  ] as const;
  return files.map(([name, content]) => ({
    path: `${SQL_EXPORTER_DIR}/${name}`,
    content: `// ${header}\n${content}`,
  }));
}
