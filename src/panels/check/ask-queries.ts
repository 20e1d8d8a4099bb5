/** Asks Prometheus whether queries give anything, few at a time and each only once. */
import pLimit from 'p-limit';
import type { PanelQuery } from '../../catalog/dashboards/panel.ts';
import { causeOf } from '../../verify/causes.ts';
import { asList, asText, at } from '../../verify/json.ts';
import { ask } from '../../verify/verify-context.ts';
import { buildQuery, type PanelChoice } from '../load-panel.ts';
import { type Asking, QueryError, queryInstant, queryRange } from '../query-prometheus.ts';
import type { Answer } from './judge-panel.ts';

/** Prometheus works on 20 at once; people look at dashboards too. */
const QUERIES_AT_ONCE = 4;
/** Of a chart; whether there is anything needs no more, and the last one is now. */
const POINTS = 60;

export interface QuerySpan {
  readonly endSeconds: number;
  readonly rangeSeconds: number;
  /** Of a query over time; default: POINTS. */
  readonly points?: number;
}

export interface Asker {
  /** The PromQL as Prometheus takes it; `isOverTime` asks for the whole span, otherwise for its end. */
  readonly query: (text: string, span: QuerySpan, isOverTime: boolean) => Promise<Answer>;
  /** What Grafana offers as values of a variable; the error in Prometheus' words when it refuses the selector. */
  readonly labelValues: (
    series: string,
    label: string,
    span: QuerySpan,
  ) => Promise<readonly string[] | QueryError>;
}

/** The query with the shortest windows that Grafana gives it: a long time range must not hide that samples come more seldom. */
export function queryText(
  query: Pick<PanelQuery, 'expr' | 'everySeconds'>,
  chosen: PanelChoice['chosen'],
  { endSeconds, rangeSeconds, scrapeIntervalSeconds }: QuerySpan & Pick<PanelChoice, 'scrapeIntervalSeconds'>,
): string {
  const range = { startSeconds: endSeconds - rangeSeconds, endSeconds, stepSeconds: 1 };
  return buildQuery(query, { chosen, range, scrapeIntervalSeconds }).text;
}

async function askRange(
  asking: Asking,
  text: string,
  { endSeconds, rangeSeconds, points = POINTS }: QuerySpan,
) {
  const stepSeconds = Math.max(1, Math.floor(rangeSeconds / points));
  const startSeconds = endSeconds - stepSeconds * Math.floor(rangeSeconds / stepSeconds);
  return queryRange(asking, text, { startSeconds, endSeconds, stepSeconds });
}

async function askValues(asking: Asking, series: string, label: string, span: QuerySpan) {
  const parameters = new URLSearchParams({
    'match[]': series,
    start: String(span.endSeconds - span.rangeSeconds),
    end: String(span.endSeconds),
  });
  const path = `/api/v1/label/${encodeURIComponent(label)}/values?${parameters}`;
  const { status, body } = await ask(asking, 'prometheus', { path, timeoutMs: 30_000 });
  const answer: unknown = JSON.parse(body);
  return at(answer, 'status') === 'success'
    ? asList(at(answer, 'data')).map(asText)
    : new QueryError(asText(at(answer, 'error')) || `HTTP ${status}`);
}

/** Rejects only when interrupted: a query without an answer is a refused one. */
export function createAsker(asking: Asking): Asker {
  const limit = pLimit(QUERIES_AT_ONCE);
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const known = answers.get(key) as Promise<T> | undefined;
    const asked = known ?? limit(work);
    answers.set(key, asked);
    return asked;
  };
  const wordsOf = (error: unknown) => {
    asking.signal.throwIfAborted();
    return error instanceof QueryError ? error.message : causeOf(error, 'prometheus').words;
  };
  return {
    query: (text, span, isOverTime) =>
      once(`${isOverTime ? `${span.rangeSeconds}/${span.points}` : 'now'} ${text}`, async () => {
        try {
          const series = await (isOverTime
            ? askRange(asking, text, span)
            : queryInstant(asking, text, span.endSeconds));
          const isOver = series.every(({ points }) => (points.at(-1)?.seconds ?? 0) < span.endSeconds);
          return { text, hasData: series.length > 0, isOver, refused: null };
        } catch (error) {
          return { text, hasData: false, refused: wordsOf(error) };
        }
      }),
    labelValues: (series, label, span) =>
      once(`${label} of ${series}`, () =>
        askValues(asking, series, label, span).catch((error: unknown) => new QueryError(wordsOf(error))),
      ),
  };
}
