/** An alert of the catalogue as Prometheus' rules: thresholds put in, one rule more for each set of servers with their own. */
import type { AlertDefinition, Severity } from '../catalog/alerts/alert.ts';
import { DECLARED_SERVERS } from '../catalog/recordings/servers.ts';
import { limitExpression, limitText } from '../catalog/thresholds.ts';
import type { AlertOverride, Server, Stack } from '../stack/stack.ts';

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string | null;
  readonly keepFiringFor: string | null;
  readonly severity: Severity;
  /** Sorted by name. */
  readonly annotations: readonly { readonly name: string; readonly value: string }[];
}

const LIMIT = '<limit>';
const NO_OVERRIDE: AlertOverride = { value: null, for: null, keepFiringFor: null, severity: null };

/** A regular expression of PromQL that matches exactly these names, as a quoted string. */
export function namesPattern(names: readonly string[]): string {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return JSON.stringify(escaped.sort().join('|'));
}

/** Label names that any server has besides `instance`. */
function ownLabelNames(servers: readonly Server[]): readonly string[] {
  return [...new Set(servers.flatMap(({ labels }) => Object.keys(labels)))].sort();
}

/**
 * Adds the server's own labels, which an aggregation has dropped; `matcher` picks the servers. Multiplying by one keeps the
 * value.
 */
function withServerLabels(expr: string, labels: readonly string[], matcher: string): string {
  return `(${expr}) * on (instance) group_left (${labels.join(', ')}) ${DECLARED_SERVERS}${matcher}`;
}

function annotationsOf(stack: Stack, alert: AlertDefinition, limit: string) {
  const { runbookUrl } = stack.alerts;
  const texts: Readonly<Record<string, string | null>> = {
    description: alert.description.replaceAll(LIMIT, limit),
    runbook: `pgmon runbook ${alert.name}`,
    runbook_url: runbookUrl === null ? null : `${runbookUrl}/${alert.name}`,
    sql: alert.sql,
    summary: alert.summary.replaceAll(LIMIT, limit),
  };
  return Object.entries(texts).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}

function buildRule(
  stack: Stack,
  alert: AlertDefinition,
  choice: { readonly override: AlertOverride; readonly matcher: string },
): AlertingRule {
  const { override, matcher } = choice;
  const { threshold } = alert;
  const value = override.value ?? threshold?.value ?? 0;
  const expr =
    threshold === null ? alert.expr : alert.expr.replaceAll(LIMIT, limitExpression(value, threshold.unit));
  return {
    alert: alert.name,
    expr: alert.scope === 'server' ? withServerLabels(expr, ownLabelNames(stack.servers), matcher) : expr,
    for: override.for ?? alert.for,
    keepFiringFor: override.keepFiringFor ?? alert.keepFiringFor,
    severity: override.severity ?? alert.severity,
    annotations: annotationsOf(stack, alert, threshold === null ? '' : limitText(value, threshold.unit)),
  };
}

/** Own choices win one by one over those for all. */
function mergeOverrides(all: AlertOverride, own: AlertOverride): AlertOverride {
  return {
    value: own.value ?? all.value,
    for: own.for ?? all.for,
    keepFiringFor: own.keepFiringFor ?? all.keepFiringFor,
    severity: own.severity ?? all.severity,
  };
}

/** The rule for most servers, then one for each set of servers that share their own choices. */
export function buildAlertingRules(stack: Stack, alert: AlertDefinition): readonly AlertingRule[] {
  const all = stack.alerts.overrides[alert.name] ?? NO_OVERRIDE;
  if (alert.scope !== 'server') return [buildRule(stack, alert, { override: all, matcher: '' })];
  const isOff = (server: Server) => server.alerts.disabled.includes(alert.name);
  const special = stack.servers.filter((server) => isOff(server) || alert.name in server.alerts.overrides);
  if (special.length === 0) return [buildRule(stack, alert, { override: all, matcher: '' })];
  const sets = new Map<string, { readonly override: AlertOverride; readonly names: readonly string[] }>();
  for (const server of special.filter((one) => !isOff(one))) {
    const override = mergeOverrides(all, server.alerts.overrides[alert.name] ?? NO_OVERRIDE);
    const key = JSON.stringify(override);
    sets.set(key, { override, names: [...(sets.get(key)?.names ?? []), server.name] });
  }
  const others = `{instance!~${namesPattern(special.map(({ name }) => name))}}`;
  return [
    ...(special.length === stack.servers.length
      ? []
      : [buildRule(stack, alert, { override: all, matcher: others })]),
    ...[...sets.values()].map(({ override, names }) =>
      buildRule(stack, alert, { override, matcher: `{instance=~${namesPattern(names)}}` }),
    ),
  ];
}
