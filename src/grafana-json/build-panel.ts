/** A panel of the catalogue as Grafana's. */
import type { Panel as GrafanaPanel, GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import type { Panel } from '../catalog/dashboards/panel.ts';
import { assertNever } from '../errors.ts';
import type { PanelBuilder } from './panel-builder.ts';
import { buildBars } from './panels/bars.ts';
import { buildStat } from './panels/stat.ts';
import { buildStates } from './panels/states.ts';
import { buildTable } from './panels/table.ts';
import { buildTimeSeries } from './panels/time-series.ts';

function builderOf(dashboard: Dashboard, panel: Panel): PanelBuilder {
  switch (panel.kind) {
    case 'stat':
      return buildStat(dashboard, panel);
    case 'timeseries':
      return buildTimeSeries(dashboard, panel);
    case 'bars':
      return buildBars(dashboard, panel);
    case 'table':
      return buildTable(dashboard, panel);
    case 'states':
      return buildStates(dashboard, panel);
    default:
      return assertNever(panel);
  }
}

export function buildPanel(dashboard: Dashboard, panel: Panel, gridPos: GridPos): GrafanaPanel {
  return { ...builderOf(dashboard, panel).build(), gridPos };
}
