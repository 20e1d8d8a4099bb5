/** The stack that the proofs play in: the given one with the simulated servers in place of its own. */
import type { AlertOverride, Server, Stack } from '../../stack/stack.ts';
import { simulatedServers, type World } from './simulated-world.ts';

/** A server that exists in proofs only. */
export function proofServer({ name, labels, slo }: Pick<Server, 'name' | 'labels' | 'slo'>): Server {
  return {
    name,
    isBundled: false,
    host: `${name}.example.com`,
    port: 5432,
    scrapeHost: `${name}.example.com`,
    database: 'postgres',
    user: 'pgmon',
    password: null,
    sslMode: 'verify-full',
    tls: { ca: null, cert: null, key: null },
    majorVersion: null,
    labels,
    databases: 'all',
    alerts: { overrides: {}, disabled: [] },
    slo,
    admin: null,
  };
}

/** A proof fits the catalogue's threshold only; duration and severity are those of the spec. */
function withoutValues(overrides: Stack['alerts']['overrides']): Stack['alerts']['overrides'] {
  const rows = Object.entries(overrides).map(([name, own]): readonly [string, AlertOverride] => [
    name,
    { ...own, value: null },
  ]);
  return Object.fromEntries(rows);
}

/**
 * Same parts, same switched-off alerts, durations and severities for all; no choices per server. Every family is evaluated at
 * the evaluation interval, so that a proof's times hold to the step.
 */
export function proofStack(stack: Stack, world: World): Stack {
  return {
    ...stack,
    scrape: { ...stack.scrape, slowIntervalSeconds: stack.scrape.evaluationIntervalSeconds },
    servers: simulatedServers(world).map(({ name, labels }) => proofServer({ name, labels, slo: null })),
    alerts: { ...stack.alerts, overrides: withoutValues(stack.alerts.overrides) },
  };
}
