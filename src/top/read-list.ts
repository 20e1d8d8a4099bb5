/** From what Prometheus answered to lists and tallies. Pure. */
import type { Panel } from '../catalog/dashboards/panel.ts';
import { type Level, levelOf } from '../catalog/dashboards/thresholds.ts';
import { legendOf } from '../panels/load-panel.ts';
import type { Series } from '../panels/query-prometheus.ts';
import { type TableRow, tableRows } from '../panels/table-rows.ts';
import { findPanel, queryOf } from './find-panel.ts';
import type { ListPlace, TallyPlace } from './place.ts';
import type { Pulse } from './pulse.ts';
import { shortValue } from './short-value.ts';
import type { Cell, List, Tally } from './view.ts';

/** Severities of alerts that have a colour. */
const SEVERITIES: Readonly<Record<string, Level>> = { critical: 'critical', warning: 'warning' };

type ColumnPlace = ListPlace['columns'][number];

function cellOf(column: ColumnPlace, panel: Panel, { labels, values }: TableRow): Cell {
  if ('label' in column) {
    const text = labels[column.label] ?? '';
    return { text, level: column.label === 'severity' ? (SEVERITIES[text] ?? 'neutral') : 'neutral' };
  }
  const query = queryOf(panel, column.query);
  const value = values[column.query] ?? null;
  if (value === null) return { text: '-', level: 'neutral' };
  const unit = query.unit ?? panel.unit;
  // A panel's decimals are for its own unit.
  const decimals = unit === panel.unit ? panel.decimals : undefined;
  return { text: shortValue(value, unit, decimals), level: levelOf(value, query.thresholds) };
}

/** `answers` holds the series of every query of the panel. Rows are sorted as the panel sorts them. */
export function readList(
  place: ListPlace,
  panel: Panel,
  answers: readonly (readonly Series[])[],
  reason: string | null,
): List {
  const { key, name, dashboard, columns, none } = place;
  const sorting = panel.kind === 'table' ? panel : { sortBy: 0, isAscending: false };
  const rows = tableRows(
    sorting,
    answers.map((series) => ({ series })),
  ).map((row) => ({ ...row, cells: columns.map((column) => cellOf(column, panel, row)) }));
  return {
    key,
    name,
    dashboard,
    panel: panel.id,
    valueNames: panel.queries.map(({ legend }) => legend),
    columns: columns.map((column) => ({
      header: column.header,
      isWhole: 'query' in column || column.isWhole === true,
      isNumber: 'query' in column,
    })),
    rows,
    reason: rows.length === 0 ? (reason ?? none ?? 'no data') : null,
  };
}

/** The list of servers with the first query, `Up`, filled in from pulses where its recording rule has nothing yet. */
export function withUp(list: List, place: ListPlace, pulses: ReadonlyMap<string, Pulse>): List {
  const panel = findPanel(place);
  const unheard = [...pulses.keys()].filter(
    (server) => !list.rows.some(({ labels }) => labels.instance === server),
  );
  const bare = unheard.map((instance) => ({
    labels: { instance },
    values: panel.queries.map(() => null),
  }));
  const rows = [...list.rows, ...bare].map(({ labels, values }) => {
    const isUp = pulses.get(labels.instance ?? '')?.isUp ?? null;
    const [up = null, ...others] = values;
    const row = { labels, values: [up ?? (isUp === null ? null : Number(isUp)), ...others] };
    return { ...row, cells: place.columns.map((column) => cellOf(column, panel, row)) };
  });
  return { ...list, rows, reason: rows.length === 0 ? list.reason : null };
}

/** Series by the panel's legend; those of one name are added up, and those of nothing left out. */
export function readTally(
  place: TallyPlace,
  panel: Panel,
  series: readonly Series[],
  reason: string | null,
): Tally {
  const { key, name, dashboard } = place;
  const query = queryOf(panel, place.query);
  const sums = new Map<string, number>();
  for (const each of series) {
    const label = legendOf(query, each);
    sums.set(label, (sums.get(label) ?? 0) + (each.points.at(-1)?.value ?? 0));
  }
  const unit = query.unit ?? panel.unit;
  const parts = [...sums]
    .map(([part, value]) => ({ name: part, value, text: shortValue(value, unit, panel.decimals) }))
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value);
  return {
    key,
    name,
    dashboard,
    panel: panel.id,
    parts,
    reason: parts.length > 0 ? null : series.length > 0 ? 'none' : (reason ?? 'no data'),
  };
}
