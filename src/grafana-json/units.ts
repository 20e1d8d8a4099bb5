/** The catalogue's units in Grafana's words. */
import type { Unit } from '../catalog/dashboards/panel.ts';

/** `suffix:` = Grafana has no such unit, and writes the text behind the number. */
export const GRAFANA_UNITS = {
  none: 'none',
  short: 'short',
  percentunit: 'percentunit',
  s: 's',
  bytes: 'bytes',
  Bps: 'Bps',
  tps: 'suffix:tps',
  reqps: 'reqps',
  rowsps: 'rowsps',
  iops: 'iops',
  bool_yes_no: 'bool_yes_no',
  dateTimeAsIso: 'dateTimeAsIso',
} as const satisfies Record<Unit, string>;
