/** One rule file per family of alerts and per group of recording rules. Pure. */
import { type AlertDefinition, FAMILIES, FAMILY_PACES, type Family } from '../catalog/alerts/alert.ts';
import { ALERTS } from '../catalog/alerts/all-alerts.ts';
import { RECORDING_GROUPS } from '../catalog/recordings/all-recordings.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { type AlertingRule, buildAlertingRules } from './alert-rules.ts';
import type { RenderContext } from './render-context.ts';
import { buildSloRecordings, sloAlertsOf } from './slo.ts';

export interface RuleGroupView {
  readonly name: string;
  /** Null = the stack's evaluation interval. */
  readonly intervalSeconds: number | null;
  readonly recordings: readonly { readonly record: string; readonly expr: string }[];
  readonly alerts: readonly AlertingRule[];
}

const isThere = (stack: Stack, needs: AlertDefinition['needs']): boolean =>
  needs.every(
    (part) =>
      ({
        'sql-exporter': stack.sqlExporter,
        'node-exporter': stack.nodeExporter,
        alertmanager: stack.alertmanager,
        grafana: stack.grafana,
      })[part] !== null,
  );

/** The catalogue's alerts of one family that this stack can feed and has not switched off, in its order. */
export function alertsOf(stack: Stack, family: (typeof FAMILIES)[number]): readonly AlertDefinition[] {
  const alerts: readonly AlertDefinition[] = ALERTS[family];
  return alerts.filter(
    ({ name, needs, ownLabel }) =>
      !stack.alerts.disabled.includes(name) &&
      isThere(stack, needs) &&
      (ownLabel === null || stack.servers.some((server) => Object.hasOwn(server.labels, ownLabel))),
  );
}

const RECORDED_SECONDS = 30;

/** As often as the family's figures change; null = the stack's evaluation interval. */
function familyInterval({ scrape }: Stack, family: Family): number | null {
  const pace = FAMILY_PACES[family];
  if (pace === undefined) return null;
  const { evaluationIntervalSeconds, slowIntervalSeconds } = scrape;
  const seconds = pace === 'slow' ? slowIntervalSeconds : Math.min(RECORDED_SECONDS, slowIntervalSeconds);
  return seconds > evaluationIntervalSeconds ? seconds : null;
}

/** Every rule group of the stack, recording rules first; groups without rules are left out. */
export function buildRuleGroups(stack: Stack): readonly RuleGroupView[] {
  const recordings = [...RECORDING_GROUPS, ...buildSloRecordings(stack)].map(
    ({ name, intervalSeconds, rules }) => ({
      name,
      intervalSeconds: intervalSeconds === 'slow' ? stack.scrape.slowIntervalSeconds : intervalSeconds,
      recordings: rules.filter(({ needs = [] }) => isThere(stack, needs)),
      alerts: [],
    }),
  );
  const alerting = FAMILIES.map((family) => ({
    name: `pgmon-${family}`,
    intervalSeconds: familyInterval(stack, family),
    recordings: [],
    alerts: alertsOf(stack, family).flatMap((alert) => buildAlertingRules(stack, alert)),
  }));
  const slo = {
    name: 'pgmon-slo',
    intervalSeconds: null,
    recordings: [],
    alerts: sloAlertsOf(stack).flatMap((alert) => buildAlertingRules(stack, alert)),
  };
  return [...recordings, ...alerting, slo].filter(({ recordings: r, alerts: a }) => r.length + a.length > 0);
}

/** Alerting rules only where Prometheus is the engine: an alert is evaluated in one place. */
function prometheusGroups(stack: Stack): readonly RuleGroupView[] {
  const groups = buildRuleGroups(stack);
  if (stack.alerts.engine !== 'grafana') return groups;
  return groups.filter(({ recordings }) => recordings.length > 0).map((group) => ({ ...group, alerts: [] }));
}

export function renderRules(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  return prometheusGroups(stack).map((group) => ({
    path: `prometheus/rules/${group.name}.yml`,
    content: fill('rules.yml.hbs', { header, ...group }),
  }));
}
