/** Runs queries over one open connection: together where that is possible, each by itself where one of them failed. */
import type { PostgresSession } from '../host/postgres-session.ts';
import type { ExporterQuery } from '../stack/sql-exporter-config.ts';
import { combinedStatement, splitRows } from './combined-statement.ts';
import type { Log } from './log.ts';
import type { Outcome } from './memory.ts';
import { ResultError, readSamples } from './read-samples.ts';
import type { Family } from './write-metrics.ts';

export interface Run {
  readonly session: PostgresSession;
  readonly log: Log;
  readonly server: string;
  /** Null = the server as a whole. */
  readonly database: string | null;
  readonly startedMs: number;
  readonly deadlineMs: number;
}

/** True when the connection still works after this error: the server refused the statement and nothing else. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof ResultError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code);
}

async function ask(run: Run, queries: readonly ExporterQuery[]): Promise<readonly (readonly Family[])[]> {
  const remainingMs = run.deadlineMs - Date.now();
  if (remainingMs <= 0) throw new ResultError('there was no time left in this scrape');
  const rows = await run.session.query(combinedStatement(queries), remainingMs);
  const parts = splitRows(queries.length, rows);
  const extra = run.database === null ? {} : { datname: run.database };
  return queries.map((query, i) => readSamples(query, parts[i] ?? [], extra));
}

/** What happened to each query. Rejects when the connection is lost. */
async function runGroup(run: Run, queries: readonly ExporterQuery[]): Promise<ReadonlyMap<string, Outcome>> {
  const beginMs = Date.now();
  const finish = (families: readonly Family[] | null): Outcome => ({
    families,
    atMs: run.startedMs,
    durationSeconds: (Date.now() - beginMs) / 1000,
  });
  const what = (query: ExporterQuery) => ({
    server: run.server,
    ...(run.database !== null && { database: run.database }),
    query: query.name,
  });
  try {
    const results = await ask(run, queries);
    for (const query of queries) run.log.worked(what(query));
    return new Map(queries.map((query, i) => [query.name, finish(results[i] ?? [])]));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only, ...others] = queries;
    if (only === undefined) return new Map();
    if (others.length > 0)
      return runGroups(
        run,
        queries.map((query) => [query]),
      );
    run.log.failed(what(only), error.message);
    return new Map([[only.name, finish(null)]]);
  }
}

async function runGroups(
  run: Run,
  groups: readonly (readonly ExporterQuery[])[],
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const group of groups) for (const entry of await runGroup(run, group)) outcomes.set(...entry);
  return outcomes;
}

/** Outcome of every query. `failedBefore` names those that run by themselves so that they do not pull others down again. */
export function runQueries(
  run: Run,
  queries: readonly ExporterQuery[],
  failedBefore: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Outcome>> {
  const isAlone = (query: ExporterQuery) => query.runsAlone || failedBefore.has(query.name);
  const together = queries.filter((query) => !isAlone(query));
  const alone = queries.filter(isAlone).map((query) => [query]);
  return runGroups(run, together.length === 0 ? alone : [together, ...alone]);
}
