/** Range and instant queries to the stack's Prometheus, as typed series. */
import { asLabels, asList, asText, at } from '../verify/json.ts';
import type { VerifyContext } from '../verify/verify-context.ts';
import { ask } from '../verify/verify-context.ts';

export type Asking = Pick<VerifyContext, 'host' | 'signal' | 'rendered' | 'secrets'>;

export interface Point {
  /** Unix time. */
  readonly seconds: number;
  /** Never NaN: Prometheus' NaN is left out, as a gap. */
  readonly value: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of time; one point for an instant query. Never empty. */
  readonly points: readonly Point[];
}

export interface TimeRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

/** Prometheus refused the query. The message is its own words. */
export class QueryError extends Error {}

const TIMEOUT_MS = 30_000;

async function post(context: Asking, path: string, parameters: Record<string, string>): Promise<unknown> {
  const response = await ask(context, 'prometheus', {
    path,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
    timeoutMs: TIMEOUT_MS,
  });
  if (response.status === 401 || response.status === 403)
    throw new Error(`prometheus refused the credentials (HTTP ${response.status})`);
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch (cause) {
    throw new Error(`prometheus answered HTTP ${response.status} with something that is no JSON`, { cause });
  }
  if (at(body, 'status') !== 'success')
    throw new QueryError(asText(at(body, 'error')) || `HTTP ${response.status}`);
  return body;
}

function toPoint(pair: unknown): readonly Point[] {
  const [seconds, text] = asList(pair);
  const number = asText(text);
  const value =
    number === '+Inf'
      ? Number.POSITIVE_INFINITY
      : number === '-Inf'
        ? Number.NEGATIVE_INFINITY
        : Number(number);
  return typeof seconds === 'number' && !Number.isNaN(value) ? [{ seconds, value }] : [];
}

function toSeries(body: unknown, pointsOf: (entry: unknown) => readonly unknown[]): readonly Series[] {
  return asList(at(body, 'data', 'result'))
    .map((entry) => ({ labels: asLabels(at(entry, 'metric')), points: pointsOf(entry).flatMap(toPoint) }))
    .filter(({ points }) => points.length > 0);
}

/** Every series at one time; series without a number are left out. Rejects with QueryError for a query that Prometheus refuses. */
export async function queryInstant(
  context: Asking,
  query: string,
  atSeconds: number,
): Promise<readonly Series[]> {
  const body = await post(context, '/api/v1/query', { query, time: String(atSeconds) });
  if (asText(at(body, 'data', 'resultType')) === 'scalar')
    return [{ labels: {}, points: toPoint(at(body, 'data', 'result')) }].filter(
      ({ points }) => points.length > 0,
    );
  return toSeries(body, (entry) => [at(entry, 'value')]);
}

/** Every series over a range; rejects like `queryInstant`. */
export async function queryRange(
  context: Asking,
  query: string,
  range: TimeRange,
): Promise<readonly Series[]> {
  const body = await post(context, '/api/v1/query_range', {
    query,
    start: String(range.startSeconds),
    end: String(range.endSeconds),
    step: String(range.stepSeconds),
  });
  return toSeries(body, (entry) => asList(at(entry, 'values')));
}
