/** What the exporter remembers of one server between probes: results until their interval has passed, and nothing that failed. */
import type { ExporterQuery } from '../stack/sql-exporter-config.ts';
import type { Family } from './write-metrics.ts';

/** What a server says about itself at the start of a probe. */
export interface ServerFacts {
  readonly version: string;
  readonly versionNum: number;
  readonly isReplica: boolean;
}

export interface Outcome {
  /** Null = the query failed. */
  readonly families: readonly Family[] | null;
  /** Start of the probe that ran it. */
  readonly atMs: number;
  /** Of the statement that it was part of. */
  readonly durationSeconds: number;
}

export interface DatabaseList {
  readonly names: readonly string[];
  /** Databases that the server has beyond those. */
  readonly skipped: number;
  readonly atMs: number;
}

export interface Memory {
  facts: ServerFacts | null;
  databases: DatabaseList | null;
  /** Database (null = the server as a whole) -> query -> outcome. */
  readonly outcomes: Map<string | null, Map<string, Outcome>>;
}

/** Scrapes come a little early at times. */
const TOLERANCE = 0.95;
/** A result that the exporter found no time to renew is shown for so many intervals. */
const MAX_INTERVALS = 3;

export function createMemory(): Memory {
  return { facts: null, databases: null, outcomes: new Map() };
}

export function forget(memory: Memory): void {
  memory.facts = null;
  memory.databases = null;
  memory.outcomes.clear();
}

export function isOlderThan(atMs: number, intervalSeconds: number, nowMs: number): boolean {
  return nowMs - atMs >= intervalSeconds * 1000 * TOLERANCE;
}

/** True when the query has no result, failed last time, or has an old result. */
export function isDue(outcome: Outcome | undefined, query: ExporterQuery, nowMs: number): boolean {
  return (
    outcome === undefined ||
    outcome.families === null ||
    isOlderThan(outcome.atMs, query.intervalSeconds, nowMs)
  );
}

export function outcomeOf(memory: Memory, database: string | null, query: string): Outcome | undefined {
  return memory.outcomes.get(database)?.get(query);
}

export function remember(
  memory: Memory,
  database: string | null,
  outcomes: ReadonlyMap<string, Outcome>,
): void {
  memory.outcomes.set(database, new Map([...(memory.outcomes.get(database) ?? []), ...outcomes]));
}

/** Drops databases that are no longer watched, queries that no longer apply, and what is too old to show. */
export function tidy(memory: Memory, queries: readonly ExporterQuery[], nowMs: number): void {
  const names = new Set(memory.databases?.names ?? []);
  for (const [database, outcomes] of memory.outcomes) {
    const scope = database === null ? 'server' : 'database';
    const byName = new Map(queries.filter((query) => query.scope === scope).map((one) => [one.name, one]));
    for (const [name, outcome] of outcomes) {
      const query = byName.get(name);
      const isShown =
        query !== undefined && !isOlderThan(outcome.atMs, query.intervalSeconds * MAX_INTERVALS, nowMs);
      if (!isShown) outcomes.delete(name);
    }
    if (outcomes.size === 0 || (database !== null && !names.has(database))) memory.outcomes.delete(database);
  }
}
