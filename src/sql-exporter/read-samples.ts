/** Rows of a query as samples of its metrics. */
import type { SqlQuery } from '../catalog/sql-queries/sql-query.ts';
import type { Row } from './combined-statement.ts';
import { type Family, formatLabels, type Sample } from './write-metrics.ts';

/** A result that is not what the query promises; the message holds no value of it. */
export class ResultError extends Error {}

function column(row: Row, name: string): unknown {
  if (!Object.hasOwn(row, name)) throw new ResultError(`the result has no column "${name}"`);
  return row[name];
}

function readNumber(row: Row, name: string): number | null {
  const value = column(row, name);
  if (value === null) return null;
  const isText = typeof value === 'string' && value.trim() !== '';
  const number =
    typeof value === 'number' || typeof value === 'boolean' || isText ? Number(value) : Number.NaN;
  if (Number.isNaN(number) && value !== 'NaN') throw new ResultError(`column "${name}" is not a number`);
  return number;
}

function readLabels(row: Row, names: readonly string[]): Readonly<Record<string, string>> {
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = column(row, name);
      return value === null ? [] : [[name, text(value)] as const];
    }),
  );
}

function refuseRepeated(samples: readonly Sample[]): void {
  const labels = samples.map((sample) => formatLabels(sample.labels));
  if (new Set(labels).size < labels.length) throw new ResultError('two rows have the same labels');
}

/** One family for each metric; `extra` labels stand first. Throws ResultError for a result that does not fit the query. */
export function readSamples(
  query: Pick<SqlQuery, 'labels' | 'metrics'>,
  rows: readonly Row[],
  extra: Readonly<Record<string, string>>,
): readonly Family[] {
  return query.metrics.map((metric) => {
    const samples = rows.flatMap((row): readonly Sample[] => {
      const value = readNumber(row, metric.name);
      return value === null ? [] : [{ labels: { ...extra, ...readLabels(row, query.labels) }, value }];
    });
    refuseRepeated(samples);
    return { ...metric, samples };
  });
}
