/** alertmanager.yml and the texts of its messages; every secret by file. */
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { buildInhibitionView } from './alertmanager-inhibitions.ts';
import { buildRoutingView, NO_RECEIVER } from './alertmanager-routes.ts';
import { layoutOf } from './layout.ts';
import { buildReceiversView } from './receivers.ts';
import type { RenderContext } from './render-context.ts';
import { secretPath } from './secret-files.ts';

/** Below the service's configuration. */
const MESSAGES = 'templates/pgmon.tmpl';

function buildAlertmanagerView(stack: Stack) {
  const { receivers, defaultReceiver, deadManSwitch } = stack.delivery;
  const isNobodyUsed = defaultReceiver === null || deadManSwitch === null;
  const links = { hasAlertmanagerUrl: (stack.alertmanager?.externalUrl ?? null) !== null };
  const switchName = deadManSwitch?.receiver ?? null;
  return {
    configDir: layoutOf(stack).config('alertmanager'),
    ...buildRoutingView(stack.delivery),
    inhibitions: buildInhibitionView(),
    receivers: [
      ...(isNobodyUsed ? [{ name: NO_RECEIVER, integrations: [] }] : []),
      // "It is over" would itself be a sign of life.
      ...buildReceiversView(
        receivers.map((one) => (one.name === switchName ? { ...one, sendResolved: false } : one)),
        { links, fileOf: (id) => secretPath(stack, 'alertmanager', id) },
      ),
    ],
  };
}

export function renderAlertmanager(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  const { alertmanager, prometheus } = stack;
  if (alertmanager === null) return [];
  const messages = {
    // The file is read as a Go template from its first byte on.
    header: header.replaceAll('{{', '{ {'),
    hasPrometheusUrl: prometheus.externalUrl !== null,
    hasAlertmanagerUrl: alertmanager.externalUrl !== null,
  };
  return [
    {
      path: 'alertmanager/alertmanager.yml',
      content: fill('alertmanager.yml.hbs', { header, ...buildAlertmanagerView(stack) }),
    },
    { path: `alertmanager/${MESSAGES}`, content: fill('alertmanager-messages.tmpl.hbs', messages) },
  ];
}
