/** Thresholds, switched-off alerts and objectives as the spec gives them, for the stack or for one server. */
import type { AlertChoices, AlertOverride, CustomMetric, Slo } from '../../stack/stack.ts';
import type { ServerSpec, Spec } from '../schema/spec.ts';
import { durationSeconds } from '../units.ts';

const SECONDS_PER_DAY = 86_400;

export function resolveAlertChoices(
  thresholds: ServerSpec['thresholds'],
  disabled: readonly string[] | undefined,
): AlertChoices {
  const overrides = Object.entries(thresholds ?? {}).map(([name, own]): readonly [string, AlertOverride] => [
    name,
    {
      value: own.value ?? null,
      for: own.for ?? null,
      keepFiringFor: own.keepFiringFor ?? null,
      severity: own.severity ?? null,
    },
  ]);
  return {
    overrides: Object.fromEntries(overrides.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    disabled: [...(disabled ?? [])].sort(),
  };
}

export function resolveSlo(slo: Spec['slo']): Slo | null {
  if (slo === undefined) return null;
  return {
    availability: slo.availability,
    windowDays: (durationSeconds(slo.window) ?? 0) / SECONDS_PER_DAY,
    latency:
      slo.queryLatencyMs === undefined ? null : { thresholdMs: slo.queryLatencyMs, objective: slo.fastCalls },
  };
}

export function resolveCustomMetrics({ customMetrics = [] }: Spec): readonly CustomMetric[] {
  return customMetrics.map(({ interval, minVersion, servers, ...metric }) => ({
    ...metric,
    intervalSeconds: durationSeconds(interval) ?? 0,
    minVersion: minVersion ?? null,
    servers: servers ?? null,
  }));
}
