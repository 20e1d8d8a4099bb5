/** alertmanager.yml: routes and receivers; every secret by file. */
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Alertmanager, Stack } from '../stack/stack.ts';
import { buildReceiversView } from './receivers.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';

/** Takes alerts when the spec names no receiver: they are shown, not sent. */
const NO_RECEIVER = 'pgmon-no-receiver';

/** `severity="critical"`, quoted as Alertmanager's matcher syntax wants it. */
function matcherText(name: string, value: string): string {
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  return `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name)}=${quote(value)}`;
}

function buildAlertmanagerView(alertmanager: Alertmanager) {
  const { defaultReceiver, receivers, routes, groupBy, groupWait, groupInterval, repeatInterval } =
    alertmanager;
  const noReceiver = defaultReceiver === null ? [{ name: NO_RECEIVER, integrations: [] }] : [];
  return {
    defaultReceiver: defaultReceiver ?? NO_RECEIVER,
    groupBy,
    groupWait,
    groupInterval,
    repeatInterval,
    routes: routes.map(({ receiver, match, continues }) => ({
      receiver,
      matchers: sortedPairs(match).map(({ name, value }) => matcherText(name, value)),
      continues,
    })),
    receivers: [...noReceiver, ...buildReceiversView(receivers)],
  };
}

export function renderAlertmanager(
  { alertmanager }: Stack,
  { header, fill }: RenderContext,
): readonly RenderedFile[] {
  if (alertmanager === null) return [];
  const view = { header, ...buildAlertmanagerView(alertmanager) };
  return [{ path: 'alertmanager/alertmanager.yml', content: fill('alertmanager.yml.hbs', view) }];
}
