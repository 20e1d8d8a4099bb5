/** Figures of the objectives as panels ask for them. Their series have the label `instance` and no other. */
import { DECLARED_SERVERS } from '../../recordings/servers.ts';
import { SLO_SERIES, slowCallsRatio, unavailableRatio } from '../../slo/series.ts';

const CHOSEN = '{instance=~"$instance"}';

/**
 * Only the chosen servers of the chosen environments, with the label `instance` alone: columns of a table must agree. Those of
 * the end of the selected time, as their objectives are: in a chart this is then found once and not for every point.
 */
export function chosen(expr: string): string {
  return `max by (instance) (${expr} and on (instance) ${DECLARED_SERVERS}{environment=~"$environment", instance=~"$instance"} @ end())`;
}

/** A series of the objectives, for the chosen servers. */
export const slo = (name: keyof typeof SLO_SERIES): string => `${SLO_SERIES[name]}${CHOSEN}`;

export const unavailable = (window: string): string => `${unavailableRatio(window)}${CHOSEN}`;
export const slowCalls = (window: string): string => `${slowCallsRatio(window)}${CHOSEN}`;

const asItIs = (series: string): string => series;

/** How many times faster than allowed the budget went; 1 = it is used up exactly at the end of the window. */
export const availabilityBurn = (window: string, figure = asItIs): string =>
  `${figure(unavailable(window))} / on (instance) (1 - ${slo('availabilityObjective')} @ end())`;
export const latencyBurn = (window: string, figure = asItIs): string =>
  `${figure(slowCalls(window))} / on (instance) (1 - ${slo('latencyObjective')} @ end())`;

/** Length of the objective's window in seconds. */
export const WINDOW_SECONDS = `(${slo('windowDays')} * 86400)`;
