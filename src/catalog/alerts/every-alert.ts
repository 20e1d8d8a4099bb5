/** Every alert there is in one list, those of the objectives included: for documents, checks of names and look-ups. */
import { SLO_ALERTS } from '../slo/slo-alerts.ts';
import { type AlertDefinition, FAMILIES, type Family } from './alert.ts';
import { ALERTS } from './all-alerts.ts';

export interface CataloguedAlert {
  /** `slo`: made for the objectives of the spec. */
  readonly family: Family | 'slo';
  readonly alert: AlertDefinition;
}

/** In the order of the families; names are unique. */
export const EVERY_ALERT: readonly CataloguedAlert[] = [
  ...FAMILIES.flatMap((family) => ALERTS[family].map((alert) => ({ family, alert }))),
  ...SLO_ALERTS.map((alert) => ({ family: 'slo' as const, alert })),
];

export const ALERT_NAMES: readonly string[] = EVERY_ALERT.map(({ alert }) => alert.name);

/** The alert of this name, or undefined. */
export function findAlert(name: string): CataloguedAlert | undefined {
  return EVERY_ALERT.find(({ alert }) => alert.name === name);
}
