/** Things that are allowed but that somebody should know. */
import { COMPONENT_NAMES } from '../../catalog/components.ts';
import { imagesOf } from '../../stack/images-of.ts';
import type { ServiceSettings, Stack } from '../../stack/stack.ts';
import type { Spec } from '../schema/spec.ts';
import { newerThanKnown } from './images.ts';
import { routeWarnings } from './route-warnings.ts';
import { isLoopback } from './servers.ts';

function exposureWarnings(stack: Stack): readonly string[] {
  const open: readonly (readonly [string, ServiceSettings | null, boolean])[] = [
    ['prometheus', stack.prometheus, stack.prometheus.web.basicAuth !== null],
    ['postgres-exporter', stack.postgresExporter, false],
    ['alertmanager', stack.alertmanager, false],
  ];
  return open.flatMap(([name, service, hasPassword]) => {
    const address = service?.published?.address;
    if (address === undefined || isLoopback(address) || hasPassword) return [];
    return [
      `${name} listens on ${address} and asks for no password: anybody who reaches this machine can use it`,
    ];
  });
}

function alertingWarnings(spec: Spec, stack: Stack): readonly string[] {
  const { receivers, routes, defaultReceiver, deadManSwitch } = spec.alerting;
  const isEngineMissing =
    spec.alerting.engine === 'alertmanager' ? stack.alertmanager === null : stack.grafana === null;
  if (receivers.length === 0) {
    // Whoever leaves the engine out knows it.
    return isEngineMissing ? [] : ['alerts are shown, not sent: `alerting.receivers` is empty'];
  }
  if (isEngineMissing) {
    const engine = spec.alerting.engine === 'alertmanager' ? 'Alertmanager' : 'Grafana';
    return [`alerts are not sent to anybody: ${engine} is left out`];
  }
  if (defaultReceiver === undefined && routes.length === 0) {
    return ['alerts are not sent to anybody: set alerting.defaultReceiver or alerting.routes'];
  }
  const used = new Set([defaultReceiver, deadManSwitch?.receiver, ...routes.map(({ receiver }) => receiver)]);
  const unused = receivers
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => `receiver ${name} is not used by any route`);
  return [...unused, ...routeWarnings(spec, stack)];
}

function versionWarnings(stack: Stack): readonly string[] {
  const images = imagesOf(stack);
  return COMPONENT_NAMES.flatMap((name) => {
    const image = images.get(name);
    const warning = image === undefined ? null : newerThanKnown(name, image);
    return warning === null ? [] : [warning];
  });
}

function dashboardWarnings({ dashboards, grafana }: Spec): readonly string[] {
  const isAsked = dashboards !== undefined && !grafana.enabled;
  return isAsked ? ['nobody sees what `dashboards` asks for: `grafana.enabled` is false'] : [];
}

/** One sentence per warning. */
export function findWarnings(spec: Spec, stack: Stack): readonly string[] {
  return [
    ...exposureWarnings(stack),
    ...alertingWarnings(spec, stack),
    ...versionWarnings(stack),
    ...dashboardWarnings(spec),
  ];
}
