/** From panels to findings: numbers beyond their thresholds now, lines beyond them for a good part of the time. Pure. */
import type { Panel } from '../catalog/dashboards/panel.ts';
import { type Level, levelOf } from '../catalog/dashboards/thresholds.ts';
import type { QueryData } from '../panels/load-panel.ts';
import type { TopicPanel } from '../panels/load-topics.ts';
import type { Finding } from './finding.ts';
import type { Place, ReportSpan } from './report.ts';
import { type StatFigure, statFigures } from './stat-figures.ts';
import { formatShare, onPaper } from './words.ts';

/** Share of a line's points beyond a threshold from which on it is worth a word. */
const NOTABLE_SHARE = 0.1;
/** The alerts themselves are findings already. */
const COUNTS_ALERTS = /\bALERTS(?:_FOR_STATE)?\{/;
/** Fewer points say nothing about a share. */
const LEAST_POINTS = 5;

function finding(panel: Panel, subject: string, more: Pick<Finding, 'level' | 'detail' | 'isNow'>): Finding {
  return {
    kind: 'figure',
    id: panel.id,
    subject,
    title: panel.title,
    occurrences: [],
    steps: [onPaper(panel.text.action)].filter((text) => text !== ''),
    sql: null,
    runbook: panel.alert ?? null,
    runbookUrl: null,
    ...more,
  };
}

const isBad = (level: Level): level is 'warning' | 'critical' => level === 'warning' || level === 'critical';

function fromStat(data: TopicPanel, subject: string, span: ReportSpan): readonly Finding[] {
  const bad = statFigures(data, span).flatMap(
    (figure): readonly (StatFigure & { level: 'warning' | 'critical' })[] =>
      isBad(figure.level) ? [{ ...figure, level: figure.level }] : [],
  );
  if (bad.length === 0) return [];
  const words = bad.map(({ name, text }) => (name === '' ? text : `${name}: ${text}`)).join(', ');
  return [
    finding(data.panel, subject, {
      level: bad.some(({ level }) => level === 'critical') ? 'critical' : 'warning',
      detail: `Now: ${words}. Normal: ${data.panel.text.normal}`,
      isNow: true,
    }),
  ];
}

/** The level of every point of every line. */
function levelsOf(panel: Panel, queries: readonly QueryData[]): readonly (readonly Level[])[] {
  return queries.flatMap(({ query, series }) =>
    series.map(({ points }) =>
      points.map(({ value }) => levelOf(value, query.thresholds ?? panel.thresholds)),
    ),
  );
}

/** Of the line that was there most. */
function greatestShare(lines: readonly (readonly Level[])[], isIt: (level: Level) => boolean): number {
  return Math.max(0, ...lines.map((levels) => levels.filter(isIt).length / levels.length));
}

/** Its level is that of the thresholds, as in the chart: of now, otherwise the worst that lasted. */
function fromLines({ panel, queries, now }: TopicPanel, subject: string): readonly Finding[] {
  const lines = levelsOf(panel, queries).filter(({ length }) => length >= LEAST_POINTS);
  const share = greatestShare(lines, isBad);
  if (share < NOTABLE_SHARE) return [];
  const last = now === undefined ? lines.map((levels) => levels.at(-1)) : levelsOf(panel, now).flat();
  const isNow = last.some((level) => level !== undefined && isBad(level));
  const isCritical = isNow
    ? last.includes('critical')
    : greatestShare(lines, (level) => level === 'critical') >= NOTABLE_SHARE;
  return [
    finding(panel, subject, {
      level: isCritical ? 'critical' : 'warning',
      detail: `It was beyond its threshold ${formatShare(share)} of the time. Normal: ${panel.text.normal}`,
      isNow,
    }),
  ];
}

/** Findings of one place; figures that an alert among `known` is about are left to it. */
export function figureFindings(
  { name, topics }: Place,
  span: ReportSpan,
  known: readonly Finding[],
): readonly Finding[] {
  const told = new Set(known.filter(({ subject }) => subject === name).map(({ id }) => id));
  const found: Finding[] = [];
  const panels = topics
    .flatMap(({ rows }) => rows.flatMap((row) => row.panels))
    .filter(({ panel }) => !panel.queries.some(({ expr }) => COUNTS_ALERTS.test(expr)));
  for (const data of [
    ...panels.filter(({ panel }) => panel.kind === 'stat'),
    ...panels.filter(({ panel }) => panel.kind === 'timeseries'),
  ]) {
    const key = data.panel.alert ?? data.panel.title;
    if (told.has(key)) continue;
    const some = data.panel.kind === 'stat' ? fromStat(data, name, span) : fromLines(data, name);
    if (some.length > 0) told.add(key);
    found.push(...some);
  }
  return found;
}
