/** Stacks whose receivers are local servers, and alerts as the catalogue would send them. */
import { ALERTS } from '../../src/catalog/alerts/all-alerts.ts';
import { buildRuleGroups } from '../../src/render/rules.ts';
import type { Delivery, Receiver } from '../../src/stack/delivery.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { createFullStack } from './full-stack-fixture.ts';
import type { PostedAlert } from './running-alertmanager.ts';
import { createStack } from './stack-fixture.ts';

/** Sends at once and looks at each group every second. */
export const QUICK = { groupWait: 1, groupInterval: 1, repeatInterval: 3600 } as const;

export const webhook = (name: string, url: string): Receiver => ({
  kind: 'webhook',
  name,
  url,
  urlSecret: null,
  sendResolved: true,
});

/** No Prometheus address that people could open, no Alertmanager address. */
export function stackDelivering(delivery: Partial<Delivery>): Stack {
  const base = createStack();
  return createStack({ delivery: { ...base.delivery, ...QUICK, ...delivery } });
}

/** An alert of the catalogue as Prometheus sends it for one server, its templates filled in. */
export function catalogueAlert(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  runbookUrl: string | null = null,
): PostedAlert {
  const stack = createFullStack({ alerts: { ...createStack().alerts, runbookUrl } });
  const rule = buildRuleGroups(stack)
    .flatMap(({ alerts }) => alerts)
    .find(({ alert }) => alert === name);
  if (rule === undefined) throw new Error(`the catalogue has no alert ${name}`);
  const all: Readonly<Record<string, string>> = {
    alertname: name,
    severity: rule.severity,
    environment: 'prod',
    instance: 'orders',
    ...labels,
  };
  const fill = (text: string) =>
    text
      .replace(/\{\{ *\$labels\.(\w+) *\}\}/g, (_, label: string) => all[label] ?? '')
      .replace(/\{\{[^}]*\$value[^}]*\}\}/g, '42');
  const annotations = Object.fromEntries(rule.annotations.map((one) => [one.name, fill(one.value)]));
  return {
    labels: all,
    annotations,
    generatorURL: 'https://metrics.example.com/prometheus/graph?g0.expr=up%3C1&g0.tab=1',
  };
}

/** Every alert about a server but `PostgreSQLDown`. */
export const SERVER_SYMPTOMS: readonly string[] = Object.values(ALERTS)
  .flat()
  .filter(({ scope, name }) => scope === 'server' && name !== 'PostgreSQLDown')
  .map(({ name }) => name);
