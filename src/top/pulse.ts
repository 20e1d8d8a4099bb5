/** One short question before each look: whether Prometheus answers, and what it has heard of the servers. */
import { JOBS } from '../conventions.ts';
import { buildQuery, type PanelChoice } from '../panels/load-panel.ts';
import { type Asking, QueryError, queryInstant, type Series } from '../panels/query-prometheus.ts';

/** What Prometheus has heard of a server. */
export interface Pulse {
  /** False while the server, or its exporter, does not answer; null before the first sample. */
  readonly isUp: boolean | null;
  /** True until each job that asks the server has done so once. */
  readonly isYoung: boolean;
}

/** A question this small is answered at once, or Prometheus hangs. */
const PULSE_TIMEOUT_MS = 5000;

export const NO_SAMPLE = 'no sample yet';
export const NO_ANSWER = 'the server does not answer';

/** Of each server that Prometheus has samples of; `jobs` are those that ask servers in this stack. */
export function readPulses(series: readonly Series[], jobs: readonly string[]): ReadonlyMap<string, Pulse> {
  const scraped = new Map<string, Set<string>>();
  const answering = new Set<string>();
  for (const { labels, points } of series) {
    const { __name__: name, instance = '', job = '' } = labels;
    if (name === 'up') scraped.set(instance, (scraped.get(instance) ?? new Set()).add(job));
    if (name === 'pg_up' && job === JOBS.postgresql && points.at(-1)?.value === 1) answering.add(instance);
  }
  return new Map(
    [...scraped].map(([instance, seen]) => [
      instance,
      {
        isUp: seen.has(JOBS.postgresql) ? answering.has(instance) : null,
        isYoung: !jobs.every((job) => seen.has(job)),
      },
    ]),
  );
}

/** Why there is no figure of the server, where the reasons of panels would mislead; null where they hold. */
export function silenceOf({ isUp, isYoung }: Pulse): string | null {
  if (isUp === false) return NO_ANSWER;
  return isUp === null || isYoung ? NO_SAMPLE : null;
}

/** Rejects with `ETIMEDOUT` after five seconds; null when Prometheus refuses the question, as nothing is known then. */
export async function askPulses(
  context: Asking,
  choice: PanelChoice,
  jobs: readonly string[],
): Promise<ReadonlyMap<string, Pulse> | null> {
  const expr = `{__name__=~"up|pg_up", job=~"${jobs.join('|')}", instance=~"$instance"}`;
  const { text, range } = buildQuery({ expr }, choice);
  const late = AbortSignal.timeout(PULSE_TIMEOUT_MS);
  try {
    const signal = AbortSignal.any([context.signal, late]);
    return readPulses(await queryInstant({ ...context, signal }, text, range.endSeconds), jobs);
  } catch (error) {
    if (error instanceof QueryError) return null;
    if (context.signal.aborted || !late.aborted) throw error;
    const words = `no answer within ${PULSE_TIMEOUT_MS} ms`;
    throw Object.assign(new Error(words, { cause: error }), { code: 'ETIMEDOUT' });
  }
}
