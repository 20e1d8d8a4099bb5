/** One probe of one server: what is due is asked, over one connection at a time, until the deadline; the rest comes from memory. */
import type { PostgresSession } from '../host/postgres-session.ts';
import type { ExporterQuery, ExporterServer } from '../stack/sql-exporter-config.ts';
import type { Log } from './log.ts';
import { logIn } from './login.ts';
import { forget, isDue, isOlderThan, type Memory, outcomeOf, remember, tidy } from './memory.ts';
import { probeFamilies } from './own-metrics.ts';
import { askDatabases, askFacts } from './questions.ts';
import { runQueries } from './run-queries.ts';
import { writeMetrics } from './write-metrics.ts';

export interface Probe {
  readonly log: Log;
  readonly server: ExporterServer;
  /** Those for this server, whatever its version and role. */
  readonly queries: readonly ExporterQuery[];
  readonly maxDatabases: number;
  readonly memory: Memory;
  readonly startedMs: number;
  readonly deadlineMs: number;
}

/** A database is not begun with less time than this. */
const LEAST_MS = 300;

const remainingMs = ({ deadlineMs }: Probe): number => deadlineMs - Date.now();

function applies(query: ExporterQuery, { facts }: Memory): boolean {
  if (facts === null) return true;
  const major = Math.floor(facts.versionNum / 10_000);
  const role = facts.isReplica ? 'replica' : 'primary';
  return (
    (query.minVersion === null || major >= query.minVersion) &&
    (query.maxVersion === null || major <= query.maxVersion) &&
    (query.role === null || query.role === role)
  );
}

function queriesOf({ memory, queries }: Probe, scope: ExporterQuery['scope']): readonly ExporterQuery[] {
  return queries.filter((query) => query.scope === scope && applies(query, memory));
}

function dueQueries(probe: Probe, database: string | null): readonly ExporterQuery[] {
  const { memory, startedMs } = probe;
  return queriesOf(probe, database === null ? 'server' : 'database').filter((query) =>
    isDue(outcomeOf(memory, database, query.name), query, startedMs),
  );
}

/** Databases with something to ask, those first whose results are the oldest. */
function dueDatabases(probe: Probe): readonly string[] {
  const { memory } = probe;
  const lastMs = (name: string) =>
    Math.min(...queriesOf(probe, 'database').map((query) => outcomeOf(memory, name, query.name)?.atMs ?? 0));
  return (memory.databases?.names ?? [])
    .filter((name) => dueQueries(probe, name).length > 0)
    .map((name) => ({ name, atMs: lastMs(name) }))
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ name }) => name);
}

function isListDue(probe: Probe): boolean {
  const intervals = queriesOf(probe, 'database').map((query) => query.intervalSeconds);
  if (intervals.length === 0) return false;
  const { databases } = probe.memory;
  return databases === null || isOlderThan(databases.atMs, Math.min(...intervals), probe.startedMs);
}

async function runDue(probe: Probe, session: PostgresSession, database: string | null): Promise<void> {
  const { memory, log, server, startedMs, deadlineMs } = probe;
  const due = dueQueries(probe, database);
  if (due.length === 0) return;
  const failed = due.filter((query) => outcomeOf(memory, database, query.name)?.families === null);
  const run = { session, log, server: server.name, database, startedMs, deadlineMs };
  remember(memory, database, await runQueries(run, due, new Set(failed.map(({ name }) => name))));
}

async function renewList(probe: Probe, session: PostgresSession): Promise<void> {
  const { server, maxDatabases, memory, startedMs } = probe;
  const found =
    server.databases === 'all'
      ? await askDatabases(session, maxDatabases)
      : { names: server.databases, skipped: 0 };
  memory.databases = { ...found, atMs: startedMs };
}

/** Everything that the connection to the server's own database serves. Rejects when there is none, or it breaks. */
async function askServer(probe: Probe): Promise<void> {
  const { memory, server } = probe;
  const session = await logIn(server, server.database, remainingMs(probe));
  try {
    memory.facts = await askFacts(session);
    await runDue(probe, session, null);
    if (isListDue(probe)) await renewList(probe, session);
    if (memory.databases?.names.includes(server.database)) await runDue(probe, session, server.database);
  } finally {
    await session.close();
  }
}

/** A database that cannot be asked fails by itself: all its queries did. */
async function askDatabase(probe: Probe, database: string): Promise<void> {
  const { memory, log, server, startedMs } = probe;
  const what = { server: server.name, database };
  try {
    const session = await logIn(server, database, remainingMs(probe));
    try {
      await runDue(probe, session, database);
    } finally {
      await session.close();
    }
    log.worked(what);
  } catch (error) {
    log.failed(what, error instanceof Error ? error.message : String(error));
    const failed = { families: null, atMs: startedMs, durationSeconds: (Date.now() - startedMs) / 1000 };
    const names = dueQueries(probe, database).map(({ name }) => [name, failed] as const);
    remember(memory, database, new Map(names));
  }
}

/** The page of metrics. Rejects when the server cannot be asked; nothing of it is remembered then. */
export async function probeServer(probe: Probe): Promise<string> {
  const { memory, startedMs, queries } = probe;
  tidy(memory, queries, startedMs);
  const isIdle = memory.facts !== null && dueQueries(probe, null).length === 0 && !isListDue(probe);
  if (!isIdle || dueDatabases(probe).length > 0) {
    try {
      await askServer(probe);
    } catch (error) {
      forget(memory);
      throw error;
    }
    for (const database of dueDatabases(probe)) {
      if (remainingMs(probe) < LEAST_MS) break;
      await askDatabase(probe, database);
    }
    tidy(
      memory,
      queries.filter((query) => applies(query, memory)),
      startedMs,
    );
  }
  return writeMetrics(probeFamilies(memory, queries));
}
