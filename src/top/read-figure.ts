/** From what Prometheus answered to facts, and to figures with their course. Pure. */
import type { Panel } from '../catalog/dashboards/panel.ts';
import { levelOf } from '../catalog/dashboards/thresholds.ts';
import type { Series, TimeRange } from '../panels/query-prometheus.ts';
import { findPanel, queryOf } from './find-panel.ts';
import type { FactPlace, FigurePlace } from './place.ts';
import { shortValue } from './short-value.ts';
import { scaleOf } from './sparkline.ts';
import type { Fact, Figure } from './view.ts';

const JOIN: Readonly<Record<FigurePlace['join'], (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
};

/** One value for each step of the range, over all series; null where none has one. */
export function courseOf(
  series: readonly Series[],
  range: TimeRange,
  join: FigurePlace['join'],
): readonly (number | null)[] {
  const count = Math.floor((range.endSeconds - range.startSeconds) / range.stepSeconds) + 1;
  const steps: number[][] = Array.from({ length: count }, () => []);
  for (const { seconds, value } of series.flatMap(({ points }) => points)) {
    steps[Math.round((seconds - range.startSeconds) / range.stepSeconds)]?.push(value);
  }
  return steps.map((values) => (values.length === 0 ? null : JOIN[join](values)));
}

function textOf(panel: Panel, value: number | null, unit: Figure['unit']): string {
  if (value === null) return '-';
  const word = panel.kind === 'stat' ? panel.words?.[String(value)] : undefined;
  return word ?? shortValue(value, unit, panel.decimals);
}

export interface FigureAnswer {
  readonly series: readonly Series[];
  readonly range: TimeRange;
  /** Why there may be nothing; kept only when there is nothing. */
  readonly reason: string | null;
}

/** The figure that the panel at `from[index]` of the place gives. */
export function readFigure(place: FigurePlace, index: number, answer: FigureAnswer): Figure {
  const { key, name, from, join } = place;
  const source = from[index];
  if (source === undefined) throw new Error(`figure ${key} has no source ${index}`);
  const panel = findPanel(source);
  const query = queryOf(panel, source.query);
  const unit = query.unit ?? panel.unit;
  const course = courseOf(answer.series, answer.range, join);
  const value = course.at(-1) ?? null;
  return {
    key,
    name,
    dashboard: source.dashboard,
    panel: source.panel,
    unit,
    value,
    text: textOf(panel, value, unit),
    level: value === null ? 'neutral' : levelOf(value, panel.thresholds),
    course,
    scale: scaleOf(course, unit, panel.thresholds),
    reason: value === null ? (answer.reason ?? 'no data') : null,
  };
}

/** Null when nothing is known. */
export function readFact(place: FactPlace, series: readonly Series[]): Fact | null {
  const panel = findPanel(place);
  const { labels, points } = series[0] ?? { labels: {}, points: [] };
  const value = points.at(-1)?.value ?? null;
  if (value === null) return null;
  const text = place.label === null ? textOf(panel, value, panel.unit) : (labels[place.label] ?? '');
  // The word of recording rules for what a server has not told yet.
  if (text === '' || text === 'unknown') return null;
  const level = place.label === null ? levelOf(value, panel.thresholds) : 'neutral';
  const { key, dashboard, prefix } = place;
  return { key, dashboard, panel: panel.id, prefix, text, level };
}
