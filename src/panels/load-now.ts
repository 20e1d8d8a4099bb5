/** A panel's figures at the end of the range, for panels that show a course of time. */
import type { Panel } from '../catalog/dashboards/panel.ts';
import { buildQuery, isOverTime, type PanelChoice, type QueryData } from './load-panel.ts';
import { type Asking, queryInstant } from './query-prometheus.ts';

/** A figure of now must not depend on how long the range is: rates of a long one are means of a good while. */
export async function loadNow(
  context: Asking,
  panel: Panel,
  choice: PanelChoice,
): Promise<readonly QueryData[]> {
  const range = { ...choice.range, stepSeconds: choice.scrapeIntervalSeconds };
  return Promise.all(
    panel.queries.map(async (query) => {
      const { text } = buildQuery(query, { ...choice, range });
      return { query, series: await queryInstant(context, text, range.endSeconds) };
    }),
  );
}

function hasThresholds({ thresholds, queries }: Panel): boolean {
  return thresholds !== undefined || queries.some((query) => query.thresholds !== undefined);
}

/** True for courses by whose end something is judged. */
export function isJudgedNow(panel: Panel): boolean {
  return (
    isOverTime(panel) && (panel.kind === 'stat' || (panel.kind === 'timeseries' && hasThresholds(panel)))
  );
}
