/** Bars of now, one below the other, longest first. */

import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import type { BarsPanel } from '../../catalog/dashboards/panel.ts';
import { seriesColour } from '../palette.ts';
import { seriesLinks, valueColour, withCommon } from '../panel-builder.ts';
import { buildTargets } from '../targets.ts';

/** Grafana keeps the order in which the series come, and Prometheus sorts only where it is asked to. */
export function longestFirst(expr: string): string {
  return /^sort(_desc)?\s*\(/.test(expr) ? expr : `sort_desc(${expr})`;
}

export function buildBars(dashboard: Dashboard, panel: BarsPanel): PanelBuilder {
  const queries = panel.queries.map((query) => ({ ...query, expr: longestFirst(query.expr) }));
  const builder = withCommon(new PanelBuilder(), panel)
    .targets(buildTargets({ ...panel, queries }, 'now'))
    .colorScheme(valueColour(panel, seriesColour(0)))
    .dataLinks(seriesLinks(dashboard, panel))
    .min(0)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields(''))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .namePlacement(BarGaugeNamePlacement.Left)
    .showUnfilled(true);
  return panel.max === undefined ? builder : builder.max(panel.max);
}
