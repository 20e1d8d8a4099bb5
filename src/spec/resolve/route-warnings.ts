/** Routes of alerts that nothing will ever take, as far as the spec tells. */
import type { Stack } from '../../stack/stack.ts';
import type { Spec } from '../schema/spec.ts';

type Route = Spec['alerting']['routes'][number];

const pairsOf = ({ match }: Route) => Object.entries(match);
const textOf = (route: Route) =>
  pairsOf(route)
    .map(([label, value]) => `${label}: ${value}`)
    .join(', ');

/** A label that servers have, with a value that none of them has. */
function foreignValue(route: Route, servers: Stack['servers']): string | null {
  for (const [label, value] of pairsOf(route)) {
    const values = new Set(
      servers.flatMap(({ labels }) => (Object.hasOwn(labels, label) ? [labels[label]] : [])),
    );
    if (values.size > 0 && !values.has(value)) return `no server has ${label} "${value}"`;
    if (values.size === 0 && (label === 'environment' || label === 'datacenter'))
      return `no server has a ${label}`;
  }
  return null;
}

/** Number of an earlier route that takes everything this one asks for and lets nothing go on. */
function shadowingRoute(route: Route, earlier: readonly Route[]): number | null {
  const found = earlier.findIndex(
    (one) => !one.continue && pairsOf(one).every(([label, value]) => route.match[label] === value),
  );
  return found === -1 ? null : found;
}

/** One sentence for each route that can never match. */
export function routeWarnings({ alerting }: Spec, { servers }: Pick<Stack, 'servers'>): readonly string[] {
  return alerting.routes.flatMap((route, i) => {
    const place = `alerting.routes[${i}] (${textOf(route)}) never matches`;
    const reason = foreignValue(route, servers);
    if (reason !== null) return [`${place}: ${reason}`];
    const shadow = shadowingRoute(route, alerting.routes.slice(0, i));
    return shadow === null
      ? []
      : [
          `${place}: alerting.routes[${shadow}] takes it before; put this one first, or give that one \`continue: true\``,
        ];
  });
}
