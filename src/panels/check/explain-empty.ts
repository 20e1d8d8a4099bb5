/** Why expressions have no result at a place: what they rest on is not there, or has not been there for long enough. */
import { sourceOf } from '../../catalog/metrics/all-metrics.ts';
import { formatSpan } from '../../verify/duration.ts';
import {
  type Expression,
  parseExpression,
  resolveRecords,
  selectorsOf,
} from '../../verify/promql/expression.ts';
import { readSelectorParts, writeSelector } from '../../verify/promql/selector.ts';
import { explainMissing, type Seen } from '../../verify/series/explain-missing.ts';
import { findSeries } from '../../verify/series/find-series.ts';
import { judgeExpression, type Verdict } from '../../verify/series/judge-expression.ts';
import type { RenderedRules } from '../../verify/series/rendered-rules.ts';
import type { Asking } from '../query-prometheus.ts';
import type { Explanations } from './judge-panel.ts';
import { neededSeconds } from './sample-times.ts';
import { findSteadyJobs } from './steady-jobs.ts';

export interface Known {
  /** About the servers of the place. */
  readonly seen: Seen;
  readonly rules: RenderedRules;
  /** Jobs that the stack has targets of. */
  readonly jobs: ReadonlySet<string>;
  readonly stack: Parameters<typeof neededSeconds>[0]['stack'];
  /** The one server of the place, if there is one. */
  readonly server: string | null;
  readonly endSeconds: number;
}

type Selector = Extract<Expression, { readonly kind: 'selector' }>;

/** Adds what the name of a recording rule was asked for (`instance=~"orders"`) to what the rule rests on. */
function narrow(expression: Expression, extra: ReturnType<typeof readSelectorParts>['matchers']): Expression {
  if (expression.kind !== 'selector')
    return { ...expression, parts: expression.parts.map((part) => narrow(part, extra)) };
  const { metric, matchers } = readSelectorParts(expression.text);
  if (matchers.some(({ label }) => label === 'instance')) return expression;
  return { ...expression, text: writeSelector({ metric, matchers: [...matchers, ...extra] }) };
}

/** Every recording rule's name replaced by what it rests on, of the servers that it was asked for. */
function resolve(expression: Expression, records: RenderedRules['records']): Expression {
  if (expression.kind !== 'selector')
    return { ...expression, parts: expression.parts.map((part) => resolve(part, records)) };
  if (expression.metric === null || !records.has(expression.metric)) return expression;
  const { matchers } = readSelectorParts(expression.text);
  return narrow(
    resolveRecords(expression, records),
    matchers.filter(({ label }) => label === 'instance'),
  );
}

/** The metric on the same server, whatever else the selector wants. */
function metricOf({ text }: Selector): string {
  const { metric, matchers } = readSelectorParts(text);
  return writeSelector({ metric, matchers: matchers.filter(({ label }) => label === 'instance') });
}

function explainSelector(known: Known, found: ReadonlySet<string>, selector: Selector): Verdict {
  if (found.has(selector.text)) return { kind: 'live' };
  const { seen, jobs } = known;
  const metric = selector.metric ?? selector.text;
  const job = sourceOf(metric, seen.stack.postgresExporter.image.version)?.job ?? null;
  if (job !== null && !jobs.has(job))
    return { kind: 'inapplicable', of: 'part', reason: `the stack has no job ${job}` };
  const hasMetric = selector.metric !== null && found.has(metricOf(selector));
  return explainMissing(
    seen,
    { silentWhen: null, instead: null },
    { metric, text: selector.text, hasMetric },
  );
}

/** What is still to come before expressions that need so much can have a result; null = nothing. */
function waitFor(
  needed: readonly ReadonlyMap<string, number>[],
  steady: ReadonlyMap<string, number>,
): string | null {
  const waits = needed
    .flatMap((one) => [...one])
    .map(([job, seconds]) => ({ job, seconds, leftSeconds: seconds - (steady.get(job) ?? 0) }))
    .sort((a, b) => b.leftSeconds - a.leftSeconds);
  const [longest] = waits;
  if (longest === undefined || longest.leftSeconds <= 0) return null;
  const { job, seconds, leftSeconds } = longest;
  return `needs ${formatSpan(seconds * 1000)} of samples of job ${job}, there in ${formatSpan(leftSeconds * 1000)}`;
}

const NOTHING_TO_EXPLAIN: Explanations = { verdictOf: () => ({ kind: 'live' }), notYet: () => null };

/** Asks what these expressions rest on, all in few queries. Rejects when Prometheus does not answer. */
export async function explainEmpty(
  asking: Asking,
  known: Known,
  texts: readonly string[],
): Promise<Explanations> {
  if (texts.length === 0) return NOTHING_TO_EXPLAIN;
  const parsed = new Map([...new Set(texts)].map((text) => [text, parseExpression(text)]));
  const resolved = new Map([...parsed].map(([text, one]) => [text, resolve(one, known.rules.records)]));
  const selectors = [...resolved.values()].flatMap(selectorsOf);
  const named = selectors.filter(({ metric }) => metric !== null);
  const needed = new Map([...parsed].map(([text, one]) => [text, neededSeconds(known, one)]));
  const longest = Math.max(0, ...[...needed.values()].flatMap((one) => [...one.values()]));
  const [found, steady] = await Promise.all([
    findSeries(asking, [...selectors.map(({ text }) => text), ...named.map(metricOf)]),
    findSteadyJobs(asking, known.server, { endSeconds: known.endSeconds, windowSeconds: longest + 60 }),
  ]);
  return {
    verdictOf: (text) => {
      const expression = resolved.get(text);
      if (expression === undefined) throw new Error(`nobody asked why this is empty: ${text}`);
      return judgeExpression(expression, (selector) => explainSelector(known, found, selector));
    },
    notYet: (some) =>
      waitFor(
        some.flatMap((text) => needed.get(text) ?? []),
        steady,
      ),
  };
}
