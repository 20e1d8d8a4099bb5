/** The exporter's HTTP side: /probe for a server, /metrics for the process, /healthz. Probes of one server never overlap. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SqlExporterConfig } from '../stack/sql-exporter-config.ts';
import type { Log } from './log.ts';
import { createMemory } from './memory.ts';
import { probeServer } from './probe-server.ts';
import { type Counts, processFamilies } from './process-metrics.ts';
import { writeMetrics } from './write-metrics.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const DEFAULT_TIMEOUT_SECONDS = 10;
const PAGE = 'pgmon SQL exporter: /probe?server=NAME, /metrics, /healthz\n';

/** Milliseconds for a probe: what Prometheus waits, less the way back. */
export function probeTimeoutMs(header: string | undefined): number {
  const seconds = Number(header);
  const ms = (Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_TIMEOUT_SECONDS) * 1000;
  return Math.max(200, Math.floor(ms - Math.min(500, ms / 5)));
}

/** Why a server cannot be asked, in one line. */
function reasonOf(error: unknown): string {
  const { message } = error instanceof Error ? error : { message: String(error) };
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return `${message.replace(/\s+/g, ' ').trim() || 'no answer'}${code}`;
}

function createProber(config: SqlExporterConfig, log: Log) {
  const counts = new Map<string, Counts>(
    config.servers.map(({ name }) => [name, { probes: 0, failures: 0 }]),
  );
  const probes = new Map(
    config.servers.map((server) => {
      const queries = config.queries.filter(({ servers }) => servers?.includes(server.name) ?? true);
      const memory = createMemory();
      const count = counts.get(server.name) ?? { probes: 0, failures: 0 };
      let running: Promise<Answer> | null = null;
      const run = async (timeoutMs: number): Promise<Answer> => {
        const startedMs = Date.now();
        const times = { startedMs, deadlineMs: startedMs + timeoutMs };
        count.probes += 1;
        try {
          const { maxDatabases } = config;
          const body = await probeServer({ log, server, queries, maxDatabases, memory, ...times });
          log.worked({ server: server.name });
          return { status: 200, body };
        } catch (error) {
          count.failures += 1;
          log.failed({ server: server.name }, reasonOf(error));
          return { status: 503, body: `cannot ask ${server.name}: ${reasonOf(error)}\n` };
        }
      };
      const probe = (timeoutMs: number): Promise<Answer> => {
        running ??= run(timeoutMs).finally(() => {
          running = null;
        });
        return running;
      };
      return [server.name, probe] as const;
    }),
  );
  return { probes, counts };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const type = status === 200 ? METRICS_TYPE : 'text/plain; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Not listening yet. */
export function createExporter(config: SqlExporterConfig, log: Log): Server {
  const { probes, counts } = createProber(config, log);
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    switch (pathname) {
      case '/':
        return { status: 200, body: PAGE };
      case '/healthz':
        return { status: 200, body: 'ok\n' };
      case '/metrics':
        return { status: 200, body: writeMetrics(processFamilies(counts)) };
      case '/probe': {
        const probe = probes.get(searchParams.get('server') ?? '');
        if (probe === undefined) return { status: 404, body: 'no such server; ask /probe?server=NAME\n' };
        const header = request.headers['x-prometheus-scrape-timeout-seconds'];
        return probe(probeTimeoutMs(typeof header === 'string' ? header : undefined));
      }
      default:
        return { status: 404, body: PAGE };
    }
  };
  // Longer than between two scrapes: each would otherwise begin with a new connection.
  return createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    answer(request).then(
      (result) => send(response, result),
      (error: unknown) => send(response, { status: 400, body: `${reasonOf(error)}\n` }),
    );
  });
}
