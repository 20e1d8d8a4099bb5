/** What a stack makes of each alert of the catalogue: on, off or without its series, with which choices, for which servers. Pure. */
import { FAMILIES } from '../catalog/alerts/alert.ts';
import { type CataloguedAlert, EVERY_ALERT } from '../catalog/alerts/every-alert.ts';
import type { AlertOverride, Stack } from '../stack/stack.ts';
import { alertsOf } from './rules.ts';
import { sloAlertsOf } from './slo.ts';

/** One server with choices of its own. */
export interface ServerChoice {
  readonly server: string;
  readonly isOff: boolean;
  /** What it has of its own; null = as for all. */
  readonly override: AlertOverride | null;
}

export interface AlertState extends CataloguedAlert {
  readonly state: 'on' | 'off' | 'left out';
  /** Why it is left out; null otherwise. */
  readonly reason: string | null;
  /** What the spec says for all servers; null = as in the catalogue. */
  readonly override: AlertOverride | null;
  readonly servers: readonly ServerChoice[];
}

const PARTS = {
  'sql-exporter': 'sqlExporter',
  'node-exporter': 'nodeExporter',
  alertmanager: 'alertmanager',
  grafana: 'grafana',
} as const;

function reasonLeftOut(stack: Stack, { family, alert }: CataloguedAlert): string {
  const absent = alert.needs.filter((part) => stack[PARTS[part]] === null);
  if (absent.length > 0) return `no ${absent.join(', no ')}`;
  if (family === 'slo') return alert.silentWhen ?? 'no objective';
  return `no server has the label ${alert.ownLabel}`;
}

function serverChoices(stack: Stack, name: string): readonly ServerChoice[] {
  return stack.servers.flatMap(({ name: server, alerts }) => {
    const isOff = alerts.disabled.includes(name);
    const override = alerts.overrides[name] ?? null;
    return isOff || override !== null ? [{ server, isOff, override }] : [];
  });
}

/** Every alert there is, in the order of the families. */
export function alertStates(stack: Stack): readonly AlertState[] {
  const present = new Set(
    [...FAMILIES.flatMap((family) => alertsOf(stack, family)), ...sloAlertsOf(stack)].map(({ name }) => name),
  );
  return EVERY_ALERT.map((one) => {
    const { name } = one.alert;
    const choices = {
      override: stack.alerts.overrides[name] ?? null,
      servers: serverChoices(stack, name),
    };
    if (stack.alerts.disabled.includes(name)) return { ...one, ...choices, state: 'off', reason: null };
    if (present.has(name)) return { ...one, ...choices, state: 'on', reason: null };
    return { ...one, ...choices, state: 'left out', reason: reasonLeftOut(stack, one) };
  });
}
