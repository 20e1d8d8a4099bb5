/** Where each panel stands on Grafana's grid: left to right, line by line, under its row's heading. */
import type { Row } from '../catalog/dashboards/dashboard.ts';
import type { Panel } from '../catalog/dashboards/panel.ts';

export const GRID_COLUMNS = 24;
const HEADING_HEIGHT = 1;

/** In grid units: 24 columns, rows of about 38 pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PlacedRow {
  readonly title: string;
  readonly place: Place;
  readonly panels: readonly { readonly panel: Panel; readonly place: Place }[];
}

function placeRow({ title, panels }: Row, top: number): { readonly row: PlacedRow; readonly bottom: number } {
  const placed: { panel: Panel; place: Place }[] = [];
  let x = 0;
  let y = top + HEADING_HEIGHT;
  let bottom = y;
  for (const panel of panels) {
    const { width: w, height: h } = panel;
    if (x + w > GRID_COLUMNS) {
      x = 0;
      y = bottom;
    }
    placed.push({ panel, place: { x, y, w, h } });
    x += w;
    bottom = Math.max(bottom, y + h);
  }
  const place = { x: 0, y: top, w: GRID_COLUMNS, h: HEADING_HEIGHT };
  return { row: { title, place, panels: placed }, bottom };
}

/** Pure; takes sizes as they are: whether lines are full is for the tests. */
export function placePanels(rows: readonly Row[]): readonly PlacedRow[] {
  let top = 0;
  return rows.map((one) => {
    const { row, bottom } = placeRow(one, top);
    top = bottom;
    return row;
  });
}
