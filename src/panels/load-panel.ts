/** A panel of the catalogue with its data, for those who show panels without Grafana. */
import { interpolate, type VariableValues } from '../catalog/dashboards/interpolate.ts';
import type { Panel, PanelQuery } from '../catalog/dashboards/panel.ts';
import { type Asking, queryInstant, queryRange, type Series, type TimeRange } from './query-prometheus.ts';

export interface PanelChoice {
  readonly chosen: VariableValues['chosen'];
  readonly range: TimeRange;
  /** The stack's scrape interval, for queries without `everySeconds`. */
  readonly scrapeIntervalSeconds: number;
}

export interface QueryData {
  readonly query: PanelQuery;
  readonly series: readonly Series[];
}

export interface PanelData {
  readonly panel: Panel;
  /** One entry for each query, in their order. */
  readonly queries: readonly QueryData[];
}

/** True for panels that show a course of time; the others show now, the end of the range. */
export function isOverTime(panel: Panel): boolean {
  return (
    panel.kind === 'timeseries' || panel.kind === 'states' || (panel.kind === 'stat' && panel.hasSparkline)
  );
}

/** The query as Prometheus takes it. A chart's step is never shorter than the time between samples. */
export function buildQuery(
  query: Pick<PanelQuery, 'expr' | 'everySeconds'>,
  { chosen, range, scrapeIntervalSeconds }: PanelChoice,
): { readonly text: string; readonly range: TimeRange } {
  const every = query.everySeconds ?? scrapeIntervalSeconds;
  const stepSeconds = Math.max(range.stepSeconds, every);
  const rangeSeconds = range.endSeconds - range.startSeconds;
  const text = interpolate(query.expr, { chosen, rangeSeconds, stepSeconds, scrapeIntervalSeconds: every });
  return { text, range: { ...range, stepSeconds } };
}

/** Asks for all queries of the panel at once; rejects with QueryError when Prometheus refuses one. */
export async function loadPanel(context: Asking, panel: Panel, choice: PanelChoice): Promise<PanelData> {
  const queries = await Promise.all(
    panel.queries.map(async (query) => {
      const { text, range } = buildQuery(query, choice);
      const series = isOverTime(panel)
        ? await queryRange(context, text, range)
        : await queryInstant(context, text, range.endSeconds);
      return { query, series };
    }),
  );
  return { panel, queries };
}

/** Grafana's legend with the series' labels in their places; the labels themselves when there is no legend. */
export function legendOf({ legend }: Pick<PanelQuery, 'legend'>, { labels }: Pick<Series, 'labels'>): string {
  if (legend === '') return Object.values(labels).join(' ');
  return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}
