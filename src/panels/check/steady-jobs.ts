/** For how long each job has given samples without a gap, as Prometheus remembers it. */
import { JOBS } from '../../conventions.ts';
import { isServerJob } from '../../verify/target-service.ts';
import type { Asking, Point } from '../query-prometheus.ts';
import { queryRange } from '../query-prometheus.ts';

/** Points of the look back: more would be no more exact than scrapes are. */
const POINTS = 120;
const SERVER_JOBS = Object.values(JOBS).filter(isServerJob).join('|');

/** Seconds from the start of the last unbroken run of ones to `endSeconds`; 0 when it does not reach there. */
export function steadySeconds(points: readonly Point[], endSeconds: number, stepSeconds: number): number {
  let sinceSeconds = endSeconds;
  for (const { seconds, value } of [...points].reverse()) {
    if (value !== 1 || sinceSeconds - seconds > 1.5 * stepSeconds) break;
    sinceSeconds = seconds;
  }
  return endSeconds - sinceSeconds;
}

/** Job -> seconds, at most `windowSeconds`; of one server's targets where one is given. */
export async function findSteadyJobs(
  asking: Asking,
  server: string | null,
  window: { readonly endSeconds: number; readonly windowSeconds: number },
): Promise<ReadonlyMap<string, number>> {
  const { endSeconds, windowSeconds } = window;
  const stepSeconds = Math.max(1, Math.ceil(windowSeconds / POINTS));
  const own = `up{job=~"${SERVER_JOBS}", instance=${JSON.stringify(server)}}`;
  const targets = server === null ? 'up' : `${own} or up{job!~"${SERVER_JOBS}"}`;
  // Whole steps, so that the last point is at the end.
  const startSeconds = endSeconds - stepSeconds * Math.floor(windowSeconds / stepSeconds);
  const range = { startSeconds, endSeconds, stepSeconds };
  const series = await queryRange(asking, `max by (job) (${targets})`, range);
  return new Map(
    series.map(({ labels, points }) => [labels.job ?? '', steadySeconds(points, endSeconds, stepSeconds)]),
  );
}
