/** The rows of a table panel: one for each set of labels, with the value of every query. Pure. */
import type { TablePanel } from '../catalog/dashboards/panel.ts';
import type { QueryData } from './load-panel.ts';

export interface TableRow {
  readonly labels: Readonly<Record<string, string>>;
  /** One for each query, in their order; null where the query says nothing about this row. */
  readonly values: readonly (number | null)[];
}

function keyOf(labels: TableRow['labels']): string {
  const named = Object.entries(labels).filter(([name]) => name !== '__name__');
  return JSON.stringify(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The newest value of every series, joined over all queries by their labels; sorted as the panel says, rows without that value last. */
export function tableRows(
  panel: Pick<TablePanel, 'sortBy' | 'isAscending'>,
  queries: readonly Pick<QueryData, 'series'>[],
): readonly TableRow[] {
  const rows = new Map<string, { labels: TableRow['labels']; values: (number | null)[] }>();
  for (const [index, { series }] of queries.entries()) {
    for (const { labels, points } of series) {
      const key = keyOf(labels);
      const row = rows.get(key) ?? { labels, values: queries.map(() => null) };
      row.values[index] = points.at(-1)?.value ?? null;
      rows.set(key, row);
    }
  }
  const direction = panel.isAscending ? 1 : -1;
  return [...rows.values()].toSorted((a, b) => {
    const [left, right] = [a.values[panel.sortBy] ?? null, b.values[panel.sortBy] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return left === right ? 0 : (left < right ? -1 : 1) * direction;
  });
}
