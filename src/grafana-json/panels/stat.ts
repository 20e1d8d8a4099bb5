/** A big number, with its name only where there is more than one. */
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Dashboard } from '../../catalog/dashboards/dashboard.ts';
import type { StatPanel } from '../../catalog/dashboards/panel.ts';
import { LEVEL_COLOURS } from '../palette.ts';
import { seriesLinks, valueColour, withCommon } from '../panel-builder.ts';
import { buildTargets } from '../targets.ts';
import { buildMappings } from '../value-words.ts';

/** Words are states and fill the panel with their colour; figures are coloured themselves. */
function colourMode({ words, thresholds }: StatPanel): BigValueColorMode {
  if (thresholds === undefined) return BigValueColorMode.None;
  return words === undefined ? BigValueColorMode.Value : BigValueColorMode.BackgroundSolid;
}

export function buildStat(dashboard: Dashboard, panel: StatPanel): PanelBuilder {
  return withCommon(new PanelBuilder(), panel)
    .targets(buildTargets(panel, panel.hasSparkline ? 'series' : 'now'))
    .mappings(buildMappings(panel.words))
    .colorScheme(valueColour(panel, LEVEL_COLOURS.neutral))
    .dataLinks(seriesLinks(dashboard, panel))
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields(''))
    .colorMode(colourMode(panel))
    .graphMode(panel.hasSparkline ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto);
}
