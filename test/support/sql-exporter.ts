/** pgmon's SQL exporter in the test's own process, for servers of the test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buildSqlExporterConfig } from '../../src/render/sql-exporter.ts';
import { createLog } from '../../src/sql-exporter/log.ts';
import { createExporter } from '../../src/sql-exporter/server.ts';
import type { CustomMetric } from '../../src/stack/stack.ts';
import { type Sample, samplesOf } from '../../src/verify/exposition.ts';
import { createServer, createStack } from './stack-fixture.ts';

/** The monitoring role of these tests: pg_monitor and nothing else. */
export const MONITOR = { user: 'watcher', password: 'hush "quoted" \\ $ecret' } as const;

export interface ExporterOptions {
  readonly port: number;
  readonly host?: string;
  readonly database?: string;
  readonly databases?: 'all' | readonly string[];
  readonly password?: string;
  readonly maxDatabases?: number;
  readonly slowIntervalSeconds?: number;
  readonly customMetrics?: readonly CustomMetric[];
}

export interface TestExporter {
  readonly url: string;
  readonly log: () => string;
  readonly probe: (timeoutSeconds?: number) => Promise<{ readonly status: number; readonly body: string }>;
  readonly close: () => Promise<void>;
}

/** Serves the server under the name `db` on a port of its own. */
export async function startSqlExporter(options: ExporterOptions): Promise<TestExporter> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-sql-exporter-'));
  const passwordFile = path.join(dir, 'password');
  await writeFile(passwordFile, options.password ?? MONITOR.password);
  const { port, host = '127.0.0.1', database = 'postgres', databases = 'all' } = options;
  const server = createServer({
    ...{ name: 'db', scrapeHost: host, port, database, databases },
    ...{ user: MONITOR.user, sslMode: 'disable' },
  });
  const base = createStack({ servers: [server], postgres: null });
  const stack = {
    ...base,
    scrape: { ...base.scrape, slowIntervalSeconds: options.slowIntervalSeconds ?? 60 },
  };
  if (stack.sqlExporter === null) throw new Error('the stack has no SQL exporter');
  const config = buildSqlExporterConfig(stack, {
    ...stack.sqlExporter,
    maxDatabases: options.maxDatabases ?? 100,
    customMetrics: options.customMetrics ?? [],
  });
  const lines: string[] = [];
  const exporter = createExporter(
    { ...config, servers: config.servers.map((one) => ({ ...one, passwordFile })) },
    createLog((line) => void lines.push(line)),
  );
  await new Promise<void>((resolve) => void exporter.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}`;
  return {
    url,
    log: () => lines.join(''),
    probe: async (timeoutSeconds = 10) => {
      const headers = { 'x-prometheus-scrape-timeout-seconds': String(timeoutSeconds) };
      const response = await fetch(`${url}/probe?server=db`, { headers });
      return { status: response.status, body: await response.text() };
    },
    close: async () => {
      exporter.closeAllConnections();
      await new Promise((resolve) => void exporter.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Value of the one sample with these labels; undefined when there is none. */
export function sampleValue(
  body: string,
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samplesOf(body, [metric]).filter((sample: Sample) =>
    Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
  );
  if (found.length > 1) throw new Error(`${metric} has ${found.length} such samples`);
  return found[0]?.value;
}

/** Queries that failed, `name` or `name in database`. */
export function failedQueries(body: string): readonly string[] {
  return samplesOf(body, ['pgmon_sql_query_success'])
    .filter(({ value }) => value !== 1)
    .map(({ labels }) => `${labels.query}${labels.datname === undefined ? '' : ` in ${labels.datname}`}`);
}
