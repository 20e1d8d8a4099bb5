/** What verdicts about missing series need to know about the running stack: which jobs give samples, and the servers' versions. */
import { JOBS } from '../../conventions.ts';
import { containerOf } from '../../providers/provider.ts';
import { jobTimes } from '../../stack/job-times.ts';
import type { Stack } from '../../stack/stack.ts';
import { findTargets, isEarly, type Match } from '../hops/target.ts';
import { isServerJob, serviceOfTarget } from '../target-service.ts';
import type { VerifyContext } from '../verify-context.ts';
import type { Seen } from './explain-missing.ts';
import { queryLabels } from './find-series.ts';

/** True while this target's next scrape will show more: the first one, or the first of a container that was just started. */
function isStillComing(context: VerifyContext, match: Match): boolean {
  if (isEarly(context, match)) return true;
  const { expected, scraped } = match;
  const service = serviceOfTarget(context.rendered, expected);
  const container = service === null ? null : containerOf(context.world, service);
  if (container?.status !== 'running' || container.startedAtMs === null) return false;
  if (scraped?.lastScrapeMs == null || scraped.lastScrapeMs >= container.startedAtMs) return false;
  const { intervalSeconds, timeoutSeconds } = jobTimes(context.stack, expected.job);
  return context.host.clock.now() < container.startedAtMs + (intervalSeconds + timeoutSeconds) * 1000;
}

/** The targets, and whether there is anything still to wait for. */
export async function lookAtTargets(context: VerifyContext) {
  const matches = await findTargets(context);
  return { value: matches, isSettled: !matches.some((match) => isStillComing(context, match)) };
}

/** One sample for each job that gives figures of a server, by server: its target being up says only that the exporter answers. */
const ANSWERING = `group by (job, instance) (
  pg_up{job="${JOBS.postgresql}"} == 1
  or pg_scrape_collector_success{job="${JOBS.postgresqlSlow}"} == 1
  or pgmon_sql_query_success{job="${JOBS.postgresqlSql}"} == 1
)`;

export interface ObservedServers {
  readonly stack: Stack;
  readonly matches: readonly Match[];
  /** Jobs that answer, by server. */
  readonly answering: readonly { readonly job?: string; readonly instance?: string }[];
  /** By server; those that Prometheus has no version of are left out. */
  readonly majorVersions: ReadonlyMap<string, number>;
}

/** Rejects when Prometheus does not answer. */
export async function observeServers(
  context: VerifyContext,
  matches: readonly Match[],
): Promise<ObservedServers> {
  const [answering, versions] = await Promise.all([
    queryLabels(context, ANSWERING),
    queryLabels(context, 'group by (instance, short_version) (pg_static)'),
  ]);
  const majorVersions = new Map(
    versions.map(({ instance = '', short_version: text = '' }) => [instance, Number.parseInt(text, 10)]),
  );
  return { stack: context.stack, matches, answering, majorVersions };
}

/** Job -> why none of its targets gives samples; of one server, where one is given. */
function findDownJobs(
  { matches, answering }: ObservedServers,
  server: string | null,
): ReadonlyMap<string, string> {
  const down = new Map<string, string>();
  for (const job of new Set(matches.map(({ expected }) => expected.job))) {
    const isOfServer = server !== null && isServerJob(job);
    const own = matches.filter(
      ({ expected }) => expected.job === job && (!isOfServer || expected.labels.instance === server),
    );
    const isAnswered = answering.some((one) => one.job === job && (!isOfServer || one.instance === server));
    if (!own.some(({ scraped }) => scraped?.health === 'up')) {
      down.set(job, `no target of job ${job} is up, see the hop target`);
    } else if (isServerJob(job) && !isAnswered) {
      const words = isOfServer ? `${server} does not answer` : 'no server answers';
      down.set(job, `${words} job ${job}, see the hop exporter`);
    }
  }
  return down;
}

/** What is known about one server, or about all of them (null). */
export function seenOf(observed: ObservedServers, server: string | null): Seen {
  const { stack, majorVersions } = observed;
  const servers = stack.servers.filter(({ name }) => server === null || name === server);
  return {
    stack,
    majorVersions: servers.map(({ name, majorVersion }) => majorVersions.get(name) ?? majorVersion),
    downJobs: findDownJobs(observed, server),
  };
}
