/** From series to the lines of a chart: which ones are drawn, where they have gaps, and the figures of their legend. Pure. */
import type { Unit } from '../catalog/dashboards/panel.ts';
import { legendOf, type PanelData, type QueryData } from '../panels/load-panel.ts';
import type { Point, Series } from '../panels/query-prometheus.ts';

/** Unix time in milliseconds, and the value; null = a gap. */
export type ChartPoint = readonly [number, number | null];

export interface ChartLine {
  readonly name: string;
  readonly unit: Unit;
  readonly points: readonly ChartPoint[];
  readonly mean: number;
  readonly max: number;
  /** Null: it ended before the others did. */
  readonly last: number | null;
}

export interface ChartLines {
  /** In the panel's order of queries, greatest first within one. */
  readonly lines: readonly ChartLine[];
  /** Series that are not drawn because others are greater. */
  readonly leftOut: number;
}

/** Of one chart: more can't be told apart. */
export const MAX_LINES = 8;

/** Milliseconds between two points; null when no series has two. */
function stepOf(series: readonly Series[]): number | null {
  const gaps = series.flatMap(({ points }) =>
    points.slice(1).map(({ seconds }, i) => seconds - (points[i]?.seconds ?? seconds)),
  );
  return gaps.length === 0 ? null : gaps.reduce((least, gap) => Math.min(least, gap)) * 1000;
}

/** Puts a gap where points are missing, so that no line is drawn over time that nobody saw. */
function withGaps(points: readonly Point[], stepMs: number | null): readonly ChartPoint[] {
  return points.flatMap(({ seconds, value }, i): readonly ChartPoint[] => {
    const ms = seconds * 1000;
    const before = points[i - 1];
    const isGap = before !== undefined && stepMs !== null && ms - before.seconds * 1000 > stepMs * 1.5;
    const point: ChartPoint = [ms, Number.isFinite(value) ? value : null];
    return isGap ? [[before.seconds * 1000 + stepMs, null], point] : [point];
  });
}

/** Leaves out points in the middle of a flat stretch: the line looks the same and takes a fraction of the space. */
export function thinned(points: readonly ChartPoint[]): readonly ChartPoint[] {
  return points.filter(
    ([, value], i) =>
      i === 0 || i === points.length - 1 || points[i - 1]?.[1] !== value || points[i + 1]?.[1] !== value,
  );
}

/** Every line gets a point at every time, 0 where only others have one: what is stacked must stand on something. */
function filled(lines: readonly ChartLine[]): readonly ChartLine[] {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([ms]) => ms)))].sort((a, b) => a - b);
  const byTime = lines.map(({ points }) => new Map(points));
  const isSeen = new Set(times.filter((ms) => byTime.some((values) => (values.get(ms) ?? null) !== null)));
  return lines.map((line, i) => ({
    ...line,
    points: times.map((ms) => [ms, isSeen.has(ms) ? (byTime[i]?.get(ms) ?? 0) : null] as const),
  }));
}

function linesOf({ query, series }: QueryData, { panel }: Pick<PanelData, 'panel'>): readonly ChartLine[] {
  const stepMs = stepOf(series);
  const endSeconds = series.reduce((most, { points }) => Math.max(most, points.at(-1)?.seconds ?? 0), 0);
  return series.flatMap((one) => {
    const finite = one.points.filter(({ value }) => Number.isFinite(value));
    const last = finite.at(-1);
    if (last === undefined) return [];
    const isOver = stepMs !== null && (endSeconds - last.seconds) * 1000 > stepMs * 1.5;
    return [
      {
        name: legendOf(query, one).trim() || panel.title,
        unit: query.unit ?? panel.unit,
        points: withGaps(one.points, stepMs),
        mean: finite.reduce((sum, { value }) => sum + value, 0) / finite.length,
        max: finite.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY),
        last: isOver ? null : last.value,
      },
    ];
  });
}

/** The lines of a chart; those with the greatest values when there are too many. Series without a finite value are none. */
export function chartLines(data: PanelData): ChartLines {
  const isStacked = data.panel.kind === 'timeseries' && data.panel.isStacked;
  const all = data.queries.flatMap((one) => linesOf(one, data));
  const kept = new Set(all.toSorted((a, b) => b.max - a.max).slice(0, MAX_LINES));
  const lines = all.filter((line) => kept.has(line));
  const shown = isStacked ? filled(lines) : lines.map((line) => ({ ...line, points: thinned(line.points) }));
  return { lines: shown, leftOut: all.length - lines.length };
}

/** True for a chart that would be a flat line at 0. */
export function isAllZero({ panel, queries }: PanelData): boolean {
  return (
    panel.kind === 'timeseries' &&
    queries.every(({ series }) => series.every(({ points }) => points.every(({ value }) => value === 0)))
  );
}
