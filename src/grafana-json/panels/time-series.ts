/** Lines over time; thresholds are dashed lines, gaps stay gaps. */
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import type { TimeSeriesPanel } from '../../catalog/dashboards/panel.ts';
import { seriesLinks, withCommon } from '../panel-builder.ts';
import { buildTargets, refIdOf } from '../targets.ts';
import { GRAFANA_UNITS } from '../units.ts';
import { bridgedGapMs } from './gaps.ts';
import { hasLabels, withSeriesColours } from './series-colours.ts';

/** Of 24 columns: with this much room a table of names and figures fits beside the lines. */
const WIDE = 12;

/** Few lines: their names below. Many, and room for it: a table beside them, greatest first. */
function buildLegend({ queries, width }: TimeSeriesPanel): VizLegendOptionsBuilder {
  const legend = new VizLegendOptionsBuilder().showLegend(true);
  const isMany = queries.some(hasLabels);
  if (!isMany || width < WIDE)
    return legend
      .displayMode(LegendDisplayMode.List)
      .placement(LegendPlacement.Bottom)
      .calcs(isMany ? [] : ['lastNotNull', 'max']);
  return legend
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs(['lastNotNull', 'max'])
    .sortBy('Last *')
    .sortDesc(true);
}

/** Axes of their own for queries whose unit is not the panel's. */
function withOwnUnits(builder: PanelBuilder, panel: TimeSeriesPanel): PanelBuilder {
  for (const [index, { unit }] of panel.queries.entries()) {
    if (unit === undefined || unit === panel.unit) continue;
    builder.overrideByQuery(refIdOf(index), [
      { id: 'unit', value: GRAFANA_UNITS[unit] },
      { id: 'custom.axisPlacement', value: 'right' },
    ]);
  }
  return builder;
}

export function buildTimeSeries(dashboard: Dashboard, panel: TimeSeriesPanel): PanelBuilder {
  const { isStacked, thresholds, min, max } = panel;
  const style = thresholds === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed;
  const builder = withOwnUnits(withSeriesColours(withCommon(new PanelBuilder(), panel), panel), panel)
    .targets(buildTargets(panel, 'series'))
    .dataLinks(seriesLinks(dashboard, panel))
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(1)
    .fillOpacity(isStacked ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .spanNulls(bridgedGapMs(panel))
    .stacking(
      new StackingConfigBuilder().mode(isStacked ? StackingMode.Normal : StackingMode.None).group('A'),
    )
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(style))
    .legend(buildLegend(panel))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (min === undefined) builder.axisSoftMin(0);
  else builder.min(min);
  return max === undefined ? builder : builder.max(max);
}
