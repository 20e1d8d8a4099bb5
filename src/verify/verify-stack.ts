/** Judges a running stack hop by hop, all hops at once; changes nothing. */
import { setMaxListeners } from 'node:events';
import { createScrubber } from '../stack/scrubber.ts';
import { type CheckResult, HOPS, type Hop } from './check-result.ts';
import { expectedTargets } from './expected.ts';
import { explainFailures } from './explain.ts';
import { checkAlertmanager } from './hops/alertmanager.ts';
import { checkContainers } from './hops/container.ts';
import { checkDataSource } from './hops/data-source.ts';
import { checkExporter } from './hops/exporter.ts';
import { checkGrafana } from './hops/grafana.ts';
import { checkPrometheus } from './hops/prometheus.ts';
import { checkRules } from './hops/rules.ts';
import { checkSqlLogins } from './hops/sql-login.ts';
import { checkTargets } from './hops/target.ts';
import type { CheckHop, VerifyDeps, VerifyInput } from './verify-context.ts';

const CHECKS = {
  container: checkContainers,
  'sql-login': checkSqlLogins,
  exporter: checkExporter,
  prometheus: checkPrometheus,
  target: checkTargets,
  rules: checkRules,
  alertmanager: checkAlertmanager,
  grafana: checkGrafana,
  'data-source': checkDataSource,
} as const satisfies Record<Hop, CheckHop>;

export interface VerifyOptions {
  /** How long a first scrape or evaluation may still be waited for; default two scrape intervals and one timeout. */
  readonly waitMs?: number | undefined;
}

/** Results in the order of HOPS, then of the spec. Rejects with EnvironmentError when the provider cannot be asked. */
export async function verifyStack(
  deps: VerifyDeps,
  input: VerifyInput,
  options: VerifyOptions = {},
): Promise<readonly CheckResult[]> {
  const { stack, rendered, secrets, outDir } = input;
  const { intervalSeconds, timeoutSeconds } = stack.scrape;
  const startedMs = deps.host.clock.now();
  const deadlineMs = startedMs + (options.waitMs ?? (2 * intervalSeconds + timeoutSeconds) * 1000);
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
  const results = (await Promise.all(HOPS.map((hop) => CHECKS[hop](context)))).flat();
  const bundled = stack.servers.filter(({ isBundled }) => isBundled).map(({ name }) => name);
  const scrub = createScrubber(secrets.values());
  return explainFailures(results, bundled).map((result) =>
    // What passes holds only words of ours; a failure may quote another program.
    result.status === 'fail' ? { ...result, detail: scrub(result.detail) } : result,
  );
}
