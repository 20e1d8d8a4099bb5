/** The numbers of a stat panel as they are at the end of the range, with their level. Pure. */
import { type Level, levelOf } from '../catalog/dashboards/thresholds.ts';
import { formatValue } from '../panels/format-value.ts';
import { legendOf } from '../panels/load-panel.ts';
import type { TopicPanel } from '../panels/load-topics.ts';
import type { Point, Series } from '../panels/query-prometheus.ts';
import type { ReportSpan } from './report.ts';

export interface StatFigure {
  /** '' when the panel has only this one. */
  readonly name: string;
  readonly text: string;
  readonly level: Level;
  /** Its course, where there is one. */
  readonly points: readonly Point[];
}

/** Prometheus itself takes a sample for the present so long. */
const FRESH_SECONDS = 300;
const MAX_FIGURES = 6;

const keyOf = (labels: Series['labels']): string => JSON.stringify(Object.entries(labels).sort());

function courseOf({ labels }: Series, courses: readonly Series[]): readonly Point[] {
  const key = keyOf(labels);
  return courses.find((course) => keyOf(course.labels) === key)?.points ?? [];
}

/** At most six; a number that is not of the end of the range is left out. */
export function statFigures(
  { panel, queries, now }: TopicPanel,
  { endSeconds }: ReportSpan,
): readonly StatFigure[] {
  const words = panel.kind === 'stat' ? panel.words : undefined;
  const all = (now ?? queries).flatMap(({ query, series }, i) =>
    series.flatMap((one) => {
      const last = one.points.at(-1);
      if (last === undefined || last.seconds < endSeconds - FRESH_SECONDS) return [];
      const text =
        words?.[String(last.value)] ?? formatValue(last.value, query.unit ?? panel.unit, panel.decimals);
      const level = levelOf(last.value, query.thresholds ?? panel.thresholds);
      return [
        { name: legendOf(query, one).trim(), text, level, points: courseOf(one, queries[i]?.series ?? []) },
      ];
    }),
  );
  return all.slice(0, MAX_FIGURES).map((figure) => (all.length === 1 ? { ...figure, name: '' } : figure));
}

/** The level as a word beside a figure; '' when it is well or there is nothing to judge. */
export function levelWord(level: Level): string {
  return level === 'warning' || level === 'critical' ? level : '';
}
