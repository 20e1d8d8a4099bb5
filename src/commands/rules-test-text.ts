/** What `pgmon rules test` says: what failed, and which choices of the spec the proofs do not cover. */
import { limitText } from '../catalog/thresholds.ts';
import type { AlertState } from '../render/alert-states.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { PromtoolOutcome } from './promtool.ts';

/** The tests of one spec. */
export interface Suite {
  readonly files: readonly RenderedFile[];
  readonly testFiles: readonly string[];
  readonly alerts: readonly string[];
  readonly records: readonly string[];
}

/** Alerts that promtool's complaints name. */
export function failedAlerts(
  outcomes: readonly PromtoolOutcome[],
  known: readonly string[],
): readonly string[] {
  const text = outcomes.flatMap(({ isOk, output }) => (isOk ? [] : [output])).join('\n');
  const named = new Set([...text.matchAll(/alertname(?:: |=")(\w+)/g)].map(([, name]) => name));
  return known.filter((name) => named.has(name));
}

/** Choices of the spec that the proofs cannot follow: their faults are made for the catalogue's thresholds. */
export function ownThresholds(states: readonly AlertState[]) {
  return states.flatMap(({ alert, override, state }) => {
    const value = override?.value ?? null;
    if (state !== 'on' || value === null || alert.threshold === null) return [];
    const { unit, value: standard } = alert.threshold;
    return [{ alert: alert.name, value, text: limitText(value, unit), proved: limitText(standard, unit) }];
  });
}

/** Servers with choices of their own, by alert: the proofs play on simulated ones. */
export function ownServers(states: readonly AlertState[]) {
  return states.flatMap(({ alert, servers }) =>
    servers.length === 0 ? [] : [{ alert: alert.name, servers: servers.map(({ server }) => server) }],
  );
}

/** Alerts that are off or left out. */
export function notTested({ alerts }: Suite, states: readonly AlertState[]): readonly string[] {
  return states.map(({ alert }) => alert.name).filter((name) => !alerts.includes(name));
}

/** For people; ends with a line break. */
export function formatOutcome(
  suite: Suite,
  place: string,
  {
    outcomes,
    states,
  }: { readonly outcomes: readonly PromtoolOutcome[]; readonly states: readonly AlertState[] },
): string {
  const failed = outcomes.filter(({ isOk }) => !isOk);
  const thresholds = ownThresholds(states);
  const servers = ownServers(states);
  const untested = notTested(suite, states);
  return [
    ...failed.map(({ file, output }) => `${file}\n${output}\n`),
    failed.length === 0
      ? `${place} proved ${suite.alerts.length} alerts and ${suite.records.length} recording rules in ${suite.testFiles.length} files`
      : `${place}: ${failed.length} of ${suite.testFiles.length} files fail`,
    ...thresholds.map(
      ({ alert, text, proved }) =>
        `  ${alert}: proved with the catalogue's threshold ${proved}, not with this spec's ${text}`,
    ),
    ...servers.map(
      ({ alert, servers: names }) =>
        `  ${alert}: the choices of ${names.join(', ')} are not part of this run`,
    ),
    ...(untested.length === 0 ? [] : [`  not tested, because off or left out: ${untested.join(', ')}`]),
    '',
  ].join('\n');
}
