/** A table panel as the page shows it: the first rows, each cell with its unit and its level as a word. Pure. */
import type { TablePanel } from '../catalog/dashboards/panel.ts';
import { levelOf } from '../catalog/dashboards/thresholds.ts';
import { formatValue } from '../panels/format-value.ts';
import type { PanelData } from '../panels/load-panel.ts';
import { tableRows } from '../panels/table-rows.ts';
import type { CellView, TableView } from './page-views.ts';
import { levelWord } from './stat-figures.ts';

export const MAX_ROWS = 15;
const DENSE_COLUMNS = 8;

/** The table, and how many rows it leaves out. */
export function viewTable(panel: TablePanel, { queries }: Pick<PanelData, 'queries'>) {
  const rows = tableRows(panel, queries);
  const headers = [
    ...panel.columns.map(({ header }) => ({ text: header, isNumber: false })),
    ...queries.map(({ query }) => ({ text: query.legend, isNumber: true })),
  ];
  const numberCell = (value: number | null, index: number): CellView => {
    const query = queries[index]?.query;
    if (value === null || query === undefined) return { text: '', isNumber: true, level: '' };
    // The panel's decimals are those of its own unit.
    const decimals = query.unit === undefined ? panel.decimals : undefined;
    const text = formatValue(value, query.unit ?? panel.unit, decimals);
    return { text, isNumber: true, level: levelWord(levelOf(value, query.thresholds)) };
  };
  const shown = rows.slice(0, MAX_ROWS).map(({ labels, values }) => ({
    cells: [
      ...panel.columns.map(({ label }) => ({ text: labels[label] ?? '', isNumber: false, level: '' })),
      ...values.map(numberCell),
    ],
  }));
  const table: TableView = { isDense: headers.length > DENSE_COLUMNS, headers, rows: shown };
  return { table, leftOut: rows.length - shown.length };
}
