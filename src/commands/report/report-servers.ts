/** What Prometheus knows of the servers in a time range, before any panel is asked: since when, and who answered. */
import { SERVER_INFO } from '../../catalog/recordings/fleet.ts';
import { JOBS } from '../../conventions.ts';
import { EnvironmentError } from '../../errors.ts';
import { type Asking, queryInstant, queryRange } from '../../panels/query-prometheus.ts';
import type { SeenServer } from '../../report/report.ts';
import { formatTime } from '../../report/words.ts';
import type { Range } from './report-range.ts';

/** Of one look for the begin of the data; the next one looks between two of them. */
const EDGE_POINTS = 720;
/** The begin is told to this. */
const EDGE_SECONDS = 15;
/** Just after the first sample there would be no length to speak of. */
const SHORTEST_SECONDS = 60;

/** When samples begin: the start when they may be older than it, null when there are none. */
async function firstSample(deps: Asking, { startSeconds, endSeconds }: Range): Promise<number | null> {
  const stepSeconds = Math.max(EDGE_SECONDS, Math.ceil((endSeconds - startSeconds) / EDGE_POINTS));
  const firstSeconds = endSeconds - Math.floor((endSeconds - startSeconds) / stepSeconds) * stepSeconds;
  const [seen] = await queryRange(deps, `count(up{job="${JOBS.postgresql}"})`, {
    startSeconds: firstSeconds,
    endSeconds,
    stepSeconds,
  });
  const first = seen?.points[0]?.seconds;
  if (first === undefined) return null;
  if (first - stepSeconds < startSeconds) return startSeconds;
  if (stepSeconds === EDGE_SECONDS) return first;
  return (await firstSample(deps, { startSeconds: first - stepSeconds, endSeconds: first })) ?? first;
}

/** The range, cut where the data begin: the rest would be empty paper. Rejects with EnvironmentError when there are none. */
export async function cutRange(deps: Asking, range: Range): Promise<Range & { readonly isCut: boolean }> {
  const { startSeconds, endSeconds } = range;
  const first = await firstSample(deps, range);
  if (first === null) {
    const span = `${formatTime(startSeconds)} to ${formatTime(endSeconds)} UTC`;
    throw new EnvironmentError(`Prometheus has no data from ${span}`, {
      code: 'no-data-in-range',
      hint: 'choose another time with --since or --from; a stack that was just started needs a minute',
    });
  }
  const begin = Math.max(startSeconds, Math.min(Math.floor(first), endSeconds - SHORTEST_SECONDS));
  return { startSeconds: begin, endSeconds, isCut: begin > startSeconds };
}

/** The named servers, also those that nobody knows anything of. */
export async function seeServers(
  deps: Asking,
  names: readonly string[],
  range: Range,
): Promise<readonly SeenServer[]> {
  const seconds = range.endSeconds - range.startSeconds;
  const answered =
    `max by (instance) (avg_over_time(instance:pg_up:bool[${seconds}s])) or ` +
    `max by (instance) (avg_over_time(pg_up{job="${JOBS.postgresql}"}[${seconds}s]))`;
  const [shares, infos] = await Promise.all([
    queryInstant(deps, answered, range.endSeconds),
    queryInstant(
      deps,
      `${SERVER_INFO} or on (instance) last_over_time(${SERVER_INFO}[${seconds}s])`,
      range.endSeconds,
    ),
  ]);
  const share = new Map(shares.map(({ labels, points }) => [labels.instance, points[0]?.value ?? null]));
  const info = new Map(infos.map(({ labels }) => [labels.instance, labels]));
  const known = (text: string | undefined) => (text === undefined || text === 'unknown' ? '' : text);
  return names.map((name) => ({
    name,
    environment: info.get(name)?.environment ?? '',
    version: known(info.get(name)?.version),
    role: known(info.get(name)?.role),
    answered: share.get(name) ?? null,
  }));
}
