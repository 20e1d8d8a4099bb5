/** Figures on a narrow screen that changes all the time: fewer digits than on a page that is read once. */
import type { Unit } from '../catalog/dashboards/panel.ts';
import { formatValue } from '../panels/format-value.ts';

/** As `formatValue`; where the panel leaves the decimals open, shares have one and counts none. */
export function shortValue(value: number, unit: Unit, decimals: number | undefined): string {
  if (unit === 'percentunit') return formatValue(value, unit, decimals ?? 1);
  // `increase` reckons with parts of an event.
  const isCount = unit === 'short' && Math.abs(value) >= 1 && Math.abs(value) < 1000;
  return formatValue(isCount && decimals === undefined ? Math.round(value) : value, unit, decimals);
}
