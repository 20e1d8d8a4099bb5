/** How long the parts of a stack must have given samples before an expression can have a result. Pure. */
import { sourceOf } from '../../catalog/metrics/all-metrics.ts';
import { SQL_QUERIES } from '../../catalog/sql-queries/all-queries.ts';
import { JOBS } from '../../conventions.ts';
import { jobTimes } from '../../stack/job-times.ts';
import type { Stack } from '../../stack/stack.ts';
import type { Expression } from '../../verify/promql/expression.ts';
import type { RenderedRules } from '../../verify/series/rendered-rules.ts';

export interface SampleTimes {
  readonly stack: Pick<Stack, 'scrape' | 'postgresExporter'>;
  readonly rules: Pick<RenderedRules, 'records' | 'recordSeconds'>;
}

/** Scrapes and evaluations are spread over their interval, and take their time. */
const SLACK_SECONDS = 15;

/** The slow interval that the queries' own ones are meant for: a shorter one shortens them as well. */
const USUAL_SLOW_SECONDS = 60;

/** How often the SQL exporter asks, by metric. */
const ASKED_SECONDS: ReadonlyMap<string, number> = new Map(
  SQL_QUERIES.flatMap(({ metrics, intervalSeconds }) => metrics.map(({ name }) => [name, intervalSeconds])),
);

/**
 * Two samples, as rates need them. The SQL exporter answers every scrape, with its last result when it asks more seldom:
 * tables that were made just after the stack came up are first seen one such interval later.
 */
function secondsOf({ stack }: SampleTimes, job: string, metric: string): number {
  const { intervalSeconds } = jobTimes(stack, job);
  const asked = (ASKED_SECONDS.get(metric) ?? 0) * Math.min(1, intervalSeconds / USUAL_SLOW_SECONDS);
  return 2 * intervalSeconds + (asked > intervalSeconds ? asked : 0) + SLACK_SECONDS;
}

/** Job -> seconds; what recording rules add is counted as their jobs'. */
export function neededSeconds(
  times: SampleTimes,
  expression: Expression,
  through: readonly string[] = [],
): ReadonlyMap<string, number> {
  const needed = new Map<string, number>();
  const need = (job: string, seconds: number) =>
    void needed.set(job, Math.max(seconds, needed.get(job) ?? 0));
  if (expression.kind !== 'selector') {
    for (const part of expression.parts)
      for (const [job, seconds] of neededSeconds(times, part, through)) need(job, seconds);
    return needed;
  }
  const { metric } = expression;
  if (metric === null || through.includes(metric)) return needed;
  const { stack, rules } = times;
  const recorded = rules.records.get(metric);
  if (recorded === undefined) {
    const job = sourceOf(metric, stack.postgresExporter.image.version)?.job ?? JOBS.prometheus;
    need(job, secondsOf(times, job, metric));
    return needed;
  }
  const ownSeconds = rules.recordSeconds.get(metric) ?? stack.scrape.evaluationIntervalSeconds;
  for (const rule of recorded)
    for (const [job, seconds] of neededSeconds(times, rule, [...through, metric]))
      need(job, seconds + ownSeconds);
  return needed;
}
