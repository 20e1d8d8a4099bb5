/** How often the jobs that ask servers run, and how long one scrape may take. Everything behind a scrape has to fit into that. Pure. */
import type { Tier } from '../catalog/collectors.ts';
import { JOBS } from '../conventions.ts';
import type { Stack } from './stack.ts';

export interface JobTimes {
  readonly intervalSeconds: number;
  /** Never longer than the interval. */
  readonly timeoutSeconds: number;
}

/** A slow scrape may take so long if its interval allows: sizes of large databases take their time. */
const SLOW_TIMEOUT_SECONDS = 30;

export function tierTimes({ scrape }: Pick<Stack, 'scrape'>, tier: Tier): JobTimes {
  const { intervalSeconds, timeoutSeconds, slowIntervalSeconds } = scrape;
  if (tier === 'fast') return { intervalSeconds, timeoutSeconds };
  const wanted = Math.max(SLOW_TIMEOUT_SECONDS, timeoutSeconds);
  return { intervalSeconds: slowIntervalSeconds, timeoutSeconds: Math.min(slowIntervalSeconds, wanted) };
}

/** The times of a scrape job; all but the two slow ones run at the stack's scrape interval. */
export function jobTimes(stack: Pick<Stack, 'scrape'>, job: string): JobTimes {
  const isSlow = job === JOBS.postgresqlSlow || job === JOBS.postgresqlSql;
  return tierTimes(stack, isSlow ? 'slow' : 'fast');
}

/** How long one SQL statement may take so that its scrape still ends in time. */
export function statementSeconds({ timeoutSeconds }: JobTimes): number {
  return Math.max(1, timeoutSeconds - 1);
}
