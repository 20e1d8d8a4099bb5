/** What the exporter says about a probe besides the queries' results: the server's version and how each query fared. */
import type { ExporterQuery } from '../stack/sql-exporter-config.ts';
import type { Memory, Outcome, ServerFacts } from './memory.ts';
import type { Family, Sample } from './write-metrics.ts';

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

function factFamilies({ version, versionNum }: ServerFacts): readonly Family[] {
  return [
    gauge('pgmon_server_info', "The server's version as it says it itself; always 1.", [
      { labels: { version }, value: 1 },
    ]),
    gauge('pgmon_server_version_num', "The server's version as a number, e.g. 180006.", [
      { labels: {}, value: versionNum },
    ]),
  ];
}

interface Fared {
  readonly labels: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
}

function fared({ outcomes }: Memory): readonly Fared[] {
  return [...outcomes].flatMap(([database, byQuery]) =>
    [...byQuery].map(([query, outcome]) => ({
      labels: { query, ...(database !== null && { datname: database }) },
      outcome,
    })),
  );
}

/** Families of the server, of every remembered query, and the results themselves in the order of `queries`. */
export function probeFamilies(memory: Memory, queries: readonly ExporterQuery[]): readonly Family[] {
  const list = fared(memory);
  const results = queries.flatMap(({ name }) =>
    [...memory.outcomes.values()].flatMap((byQuery) => byQuery.get(name)?.families ?? []),
  );
  const { facts, databases } = memory;
  const count = (value: number) => [{ labels: {}, value }];
  return [
    ...(facts === null ? [] : factFamilies(facts)),
    ...results,
    gauge(
      'pgmon_sql_query_success',
      '1 = the last run of the query worked, 0 = it failed and has no result.',
      list.map(({ labels, outcome }) => ({ labels, value: outcome.families === null ? 0 : 1 })),
    ),
    gauge(
      'pgmon_sql_query_duration_seconds',
      'How long the last statement took that the query was part of.',
      list.map(({ labels, outcome }) => ({ labels, value: outcome.durationSeconds })),
    ),
    ...(databases === null
      ? []
      : [
          gauge(
            'pgmon_sql_databases',
            'Databases whose tables, indexes and sequences are read.',
            count(databases.names.length),
          ),
          gauge(
            'pgmon_sql_databases_skipped',
            'Databases that are not read: beyond the limit, or the role may not connect.',
            count(databases.skipped),
          ),
        ]),
  ];
}
