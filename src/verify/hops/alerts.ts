/** Hop `alerts`: every rendered alert can fire: what its expression rests on is there in the running Prometheus, or is absent by design. */
import { ALERTS } from '../../catalog/alerts/all-alerts.ts';
import { CancelledError } from '../../errors.ts';
import { collectAlerts, judgeAlert, metricsOf, toFinding } from '../alerts/judge-alert.ts';
import { causeOf } from '../causes.ts';
import { selectorsOf } from '../promql/expression.ts';
import { findSeries } from '../series/find-series.ts';
import { lookAtTargets, observeServers, seenOf } from '../series/observe-servers.ts';
import { readRenderedRules } from '../series/rendered-rules.ts';
import { settle } from '../settle.ts';
import { type CheckHop, type Finding, fail, skip, toResult, type VerifyContext } from '../verify-context.ts';

const DEFINITIONS = new Map(
  Object.values(ALERTS)
    .flat()
    .map((alert) => [alert.name, alert]),
);

async function lookAll(context: VerifyContext): Promise<readonly Finding[]> {
  const alerts = collectAlerts(readRenderedRules(context.rendered.files));
  if (alerts.length === 0) return [skip('prometheus', 'Prometheus has no alerts to judge')];
  const { signal, deadlineMs } = context;
  const matches = await settle({ clock: context.host.clock, signal, deadlineMs }, () =>
    lookAtTargets(context),
  );
  const seen = seenOf(await observeServers(context, matches), null);
  const selectors = alerts.flatMap(({ expressions }) =>
    expressions.flatMap(selectorsOf).map(({ text }) => text),
  );
  const found = await findSeries(context, [...selectors, ...metricsOf(alerts)]);
  return alerts.map((alert) => {
    const definition = DEFINITIONS.get(alert.name) ?? null;
    return toFinding(alert, judgeAlert(seen, alert, { definition, selectors: found, metrics: found }));
  });
}

export const checkAlerts: CheckHop = async (context) => {
  const { clock } = context.host;
  const startedMs = clock.now();
  const findings = await lookAll(context).catch((error: unknown) => {
    if (context.signal.aborted) throw new CancelledError('interrupted', { cause: error });
    const cause = causeOf(error, 'prometheus');
    return [fail('prometheus', `Prometheus does not tell: ${cause.words}`, cause.hint)];
  });
  return findings.map((finding) => toResult('alerts', finding, clock.now() - startedMs));
};
