/** States over time as coloured bars, one line for each series. */
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import type { StatesPanel } from '../../catalog/dashboards/panel.ts';
import { seriesColour } from '../palette.ts';
import { seriesLinks, valueColour, withCommon } from '../panel-builder.ts';
import { buildTargets } from '../targets.ts';
import { buildMappings } from '../value-words.ts';
import { bridgedGapMs } from './gaps.ts';

export function buildStates(dashboard: Dashboard, panel: StatesPanel): PanelBuilder {
  // Without thresholds no state is better than another; each word then has a colour of its own.
  const mappings = buildMappings(panel.words, panel.thresholds === undefined ? seriesColour : null);
  return withCommon(new PanelBuilder(), panel)
    .targets(buildTargets(panel, 'series'))
    .mappings(mappings)
    .colorScheme(valueColour(panel, seriesColour(0)))
    .dataLinks(seriesLinks(dashboard, panel))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .alignValue(TimelineValueAlignment.Left)
    .rowHeight(0.9)
    .lineWidth(0)
    .fillOpacity(85)
    .spanNulls(bridgedGapMs(panel))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None));
}
