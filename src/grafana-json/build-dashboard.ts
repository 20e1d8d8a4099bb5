/** A dashboard of the catalogue as Grafana's classic JSON. */
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard as GrafanaDashboard,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import { buildAnnotations } from './annotations.ts';
import { buildPanel } from './build-panel.ts';
import { type PlacedRow, placePanels } from './layout.ts';
import { outsideMenu, withoutAuto } from './leave-out.ts';
import { stableId } from './stable-id.ts';
import { buildDataSourceVariable, buildVariable } from './variables.ts';

/** Every dashboard of pgmon has it, and the menu of dashboards lists by it. */
const TAG = 'pgmon';
/** Most figures come once a minute. */
const REFRESH = '1m';

function buildRow(dashboard: Dashboard, { title, place, panels }: PlacedRow) {
  const heading = new RowBuilder(title)
    .id(stableId(`row ${title}`))
    .gridPos(place)
    .build();
  return [heading, ...panels.map((one) => buildPanel(dashboard, one.panel, one.place))];
}

/** The other dashboards, with the same time and the same choices. */
function buildMenu(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

export function buildDashboard(dashboard: Dashboard): GrafanaDashboard {
  const { title, uid, question, range, variables, rows } = dashboard;
  const built = new DashboardBuilder(title)
    .uid(uid)
    .description(question)
    .tags([TAG, 'postgresql'])
    .timezone('browser')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: `now-${range}`, to: 'now' })
    .refresh(REFRESH)
    .links([outsideMenu(buildMenu())])
    .variables([buildDataSourceVariable(), ...variables.map(buildVariable)].map(withoutAuto))
    .annotations(buildAnnotations(dashboard).map(outsideMenu))
    .build();
  return { ...built, panels: placePanels(rows).flatMap((row) => buildRow(dashboard, row)) };
}
