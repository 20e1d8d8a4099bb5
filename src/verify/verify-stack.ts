/** Judges a running stack hop by hop, all hops at once; changes nothing. */
import { setMaxListeners } from 'node:events';
import { tierTimes } from '../stack/job-times.ts';
import { createScrubber } from '../stack/scrubber.ts';
import type { Stack } from '../stack/stack.ts';
import { type CheckResult, HOPS, type Hop } from './check-result.ts';
import { expectedTargets } from './expected.ts';
import { explainFailures } from './explain.ts';
import { checkAlertmanager } from './hops/alertmanager.ts';
import { checkAlerts } from './hops/alerts.ts';
import { checkContainers, checkUnits } from './hops/container.ts';
import { checkDataSource } from './hops/data-source.ts';
import { checkExporter } from './hops/exporter.ts';
import { checkGrafana } from './hops/grafana.ts';
import { checkPrometheus } from './hops/prometheus.ts';
import { checkRules } from './hops/rules.ts';
import { checkSqlLogins } from './hops/sql-login.ts';
import { checkTargets, targetSubject } from './hops/target.ts';
import { serviceOfTarget } from './target-service.ts';
import type { CheckHop, VerifyDeps, VerifyInput } from './verify-context.ts';

const CHECKS = {
  container: checkContainers,
  unit: checkUnits,
  'sql-login': checkSqlLogins,
  exporter: checkExporter,
  prometheus: checkPrometheus,
  target: checkTargets,
  rules: checkRules,
  alerts: checkAlerts,
  alertmanager: checkAlertmanager,
  grafana: checkGrafana,
  'data-source': checkDataSource,
} as const satisfies Record<Exclude<Hop, 'panels'>, CheckHop>;

export interface VerifyOptions {
  /**
   * How long a first scrape or evaluation may still be waited for; default: what the slowest first one may take. Each
   * hop waits only for what it knows to be still to come, so a stack that has run for a while is judged at once.
   */
  readonly waitMs?: number | undefined;
  /** The hop `panels`, where it is asked for: it costs more than all the others together. */
  readonly panels?: CheckHop | undefined;
}

/** Groups of recording rules have intervals of their own. */
const FIRST_EVALUATION_SECONDS = 70;

/** The longest time until every job has scraped once and the rules were evaluated, in milliseconds. */
function firstRoundMs(stack: Pick<Stack, 'scrape'>): number {
  const fast = tierTimes(stack, 'fast');
  const slow = tierTimes(stack, 'slow');
  const fastSeconds = 2 * fast.intervalSeconds + fast.timeoutSeconds;
  const slowSeconds = slow.intervalSeconds + slow.timeoutSeconds;
  return Math.max(fastSeconds, slowSeconds, FIRST_EVALUATION_SECONDS) * 1000;
}

/** Results in the order of HOPS, then of the spec. Rejects with EnvironmentError when the provider cannot be asked. */
export async function verifyStack(
  deps: VerifyDeps,
  input: VerifyInput,
  options: VerifyOptions = {},
): Promise<readonly CheckResult[]> {
  const { stack, rendered, secrets, outDir } = input;
  const startedMs = deps.host.clock.now();
  const deadlineMs = startedMs + (options.waitMs ?? firstRoundMs(stack));
  const { services, networks, volumes } = rendered;
  // One of our own: a check of many servers puts more listeners on it than Node takes for a leak.
  const signal = AbortSignal.any([deps.signal]);
  setMaxListeners(0, signal);
  const world = await deps.provider.observe(
    { stackName: stack.name, outDir, services, networks, volumes },
    signal,
  );
  const targets = expectedTargets(rendered.files);
  const context = { ...deps, ...input, signal, world, targets, startedMs, deadlineMs };
  const checks = HOPS.flatMap((hop) => (hop === 'panels' ? (options.panels ?? []) : CHECKS[hop]));
  const results = (await Promise.all(checks.map((check) => check(context)))).flat();
  const bundled = new Set(stack.servers.filter(({ isBundled }) => isBundled).map(({ name }) => name));
  const serviceOf = new Map(
    targets.flatMap((target) => {
      const service = serviceOfTarget(rendered, target);
      return service === null ? [] : [[targetSubject(target), service] as const];
    }),
  );
  const scrub = createScrubber(secrets.values());
  return explainFailures(results, { bundled, serviceOf }).map((result) =>
    // What passes holds only words of ours; a failure may quote another program.
    result.status === 'fail' ? { ...result, detail: scrub(result.detail) } : result,
  );
}
