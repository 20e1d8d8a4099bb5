/** Hop `panels`: every query of every provisioned dashboard gives data in the running Prometheus, or is empty by design. */
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import { HOST } from '../../catalog/dashboards/variables.ts';
import { CancelledError } from '../../errors.ts';
import { causeOf } from '../../verify/causes.ts';
import { lookAtTargets, observeServers, seenOf } from '../../verify/series/observe-servers.ts';
import { readRenderedRules } from '../../verify/series/rendered-rules.ts';
import { settle } from '../../verify/settle.ts';
import {
  type CheckHop,
  type Finding,
  fail,
  skip,
  toResult,
  type VerifyContext,
} from '../../verify/verify-context.ts';
import { QueryError } from '../query-prometheus.ts';
import { createAsker } from './ask-queries.ts';
import { checkDashboard, type Looking } from './check-dashboard.ts';
import { explainEmpty } from './explain-empty.ts';
import { checkImported } from './imported/check-imported.ts';
import { findImported } from './imported/find-imported.ts';
import { limitServers, MAX_PLACES, placesOf } from './places.ts';

export interface PanelsToCheck {
  /** Of the catalogue. */
  readonly dashboards: readonly Dashboard[];
  /** Names of servers to look at; empty = all of them, up to MAX_PLACES. */
  readonly servers: readonly string[];
}

/** Machines that gave samples lately. */
const HOSTS_SECONDS = 600;

async function prepare(context: VerifyContext): Promise<Looking> {
  const { stack, rendered, host, signal, deadlineMs, targets } = context;
  const matches = await settle({ clock: host.clock, signal, deadlineMs }, () => lookAtTargets(context));
  const observed = await observeServers(context, matches);
  const rules = readRenderedRules(rendered.files);
  const jobs = new Set(targets.map(({ job }) => job));
  const endSeconds = Math.floor(host.clock.now() / 1000);
  return {
    asker: createAsker(context),
    explain: (server, texts) =>
      explainEmpty(
        context,
        { seen: seenOf(observed, server), rules, jobs, stack, server, endSeconds },
        texts,
      ),
    scrapeIntervalSeconds: stack.scrape.intervalSeconds,
    endSeconds,
  };
}

async function findHosts({ asker, endSeconds }: Looking): Promise<readonly string[]> {
  const span = { endSeconds, rangeSeconds: HOSTS_SECONDS };
  const offered = await asker.labelValues(HOST.series, HOST.valueLabel, span);
  // The variable is looked at with the dashboard, and then says what is wrong.
  return offered instanceof QueryError ? [] : offered.slice(0, MAX_PLACES);
}

async function lookAll(context: VerifyContext, choice: PanelsToCheck): Promise<readonly Finding[]> {
  const looking = await prepare(context);
  const { stack } = context;
  const names = stack.servers.map(({ name }) => name);
  const { servers, leftOut } = limitServers(names, choice.servers);
  const hosts = await findHosts(looking);
  const findings: Finding[] = leftOut === null ? [] : [skip('servers', leftOut)];
  // One after the other: what the asker does at once is bounded, what waits in memory should be too.
  for (const dashboard of choice.dashboards) {
    for (const place of placesOf(dashboard, { servers, hosts }))
      findings.push(...(await checkDashboard(looking, dashboard, place)));
  }
  for (const dashboard of findImported(context.rendered.files))
    findings.push(...(await checkImported(looking, dashboard)));
  return findings;
}

/** The hop for one command line; it costs thousands of queries on a large stack, so that it runs only when asked for. */
export function createPanelsHop(choice: PanelsToCheck): CheckHop {
  return async (context) => {
    const { clock } = context.host;
    const startedMs = clock.now();
    const findings = await lookAll(context, choice).catch((error: unknown) => {
      if (context.signal.aborted) throw new CancelledError('interrupted', { cause: error });
      const cause = causeOf(error, 'prometheus');
      return [fail('prometheus', `Prometheus does not tell: ${cause.words}`, cause.hint)];
    });
    return findings.map((finding) => toResult('panels', finding, clock.now() - startedMs));
  };
}
