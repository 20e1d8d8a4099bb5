/** A panel with its data as the page shows it: a drawn chart with its legend, a table, or numbers. */
import type { BarsPanel, StatesPanel, TablePanel, TimeSeriesPanel } from '../catalog/dashboards/panel.ts';
import type { Level } from '../catalog/dashboards/thresholds.ts';
import { assertNever } from '../errors.ts';
import { formatValue } from '../panels/format-value.ts';
import { legendOf, type PanelData } from '../panels/load-panel.ts';
import { CHART_HEIGHT } from './chart-axes.ts';
import { type ChartLine, chartLines } from './chart-lines.ts';
import { drawChart } from './draw-chart.ts';
import { lineChart, sparkline } from './line-chart.ts';
import type { PanelView, StatView } from './page-views.ts';
import { lineLook } from './palette.ts';
import type { ReportSpan } from './report.ts';
import { barChart, stateChart } from './row-charts.ts';
import { levelWord, statFigures } from './stat-figures.ts';
import { stateSpans } from './state-spans.ts';
import { viewTable } from './view-table.ts';
import { count, onPaper } from './words.ts';

const MAX_BARS = 12;
const MAX_STATE_ROWS = 20;
/** Panels of this width and more take the whole page. */
const WIDE_COLUMNS = 16;
const HALF = 470;
const WHOLE = 960;

function swatch(index: number): string {
  const { colour, dash } = lineLook(index);
  const dashes = { solid: '', dashed: ' stroke-dasharray="5 3"', dotted: ' stroke-dasharray="2 2"' }[dash];
  return `<svg class="swatch" viewBox="0 0 18 8" aria-hidden="true"><path d="M0 4H18" stroke="${colour}" stroke-width="3"${dashes}/></svg>`;
}

function block(index: number): string {
  return `<svg class="swatch" viewBox="0 0 18 8" aria-hidden="true"><path d="M0 0H18V8H0Z" fill="${lineLook(index).colour}"/></svg>`;
}

function base({ panel }: PanelData): PanelView {
  return {
    title: panel.title,
    shows: onPaper(panel.text.shows),
    normal: panel.text.normal,
    isWide: panel.width >= WIDE_COLUMNS,
    chart: '',
    legend: [],
    states: [],
    table: null,
    more: '',
  };
}

const moreWords = (leftOut: number, noun: string): string =>
  leftOut === 0 ? '' : `${count(leftOut, noun)} more, smaller, not shown.`;

function linesLabel(title: string, lines: readonly ChartLine[]): string {
  const named = lines.map(({ name, last, max, unit }) => {
    return `${name}: last ${last === null ? 'none' : formatValue(last, unit)}, highest ${formatValue(max, unit)}`;
  });
  return `Chart: ${title}. ${named.join('; ')}.`;
}

function lineView(panel: TimeSeriesPanel, data: PanelData, span: ReportSpan): PanelView {
  const { lines, leftOut } = chartLines(data);
  const view = base(data);
  const size = { width: view.isWide ? WHOLE : HALF, height: CHART_HEIGHT };
  return {
    ...view,
    chart: drawChart(lineChart(panel, lines, span), size, linesLabel(panel.title, lines)),
    legend: lines.map(({ name, unit, mean, max, last }, index) => ({
      swatch: swatch(index),
      name,
      mean: formatValue(mean, unit, panel.decimals),
      max: formatValue(max, unit, panel.decimals),
      last: last === null ? '' : formatValue(last, unit, panel.decimals),
    })),
    more: moreWords(leftOut, 'line'),
  };
}

function barView(panel: BarsPanel, data: PanelData): PanelView {
  const all = data.queries
    .flatMap(({ query, series }) =>
      series.map((one) => ({ name: legendOf(query, one).trim(), value: one.points.at(-1)?.value ?? 0 })),
    )
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => b.value - a.value);
  const bars = all.slice(0, MAX_BARS);
  const view = base(data);
  const size = { width: view.isWide ? WHOLE : HALF, height: 12 + 20 * Math.max(1, bars.length) };
  const named = bars.map(({ name, value }) => `${name}: ${formatValue(value, panel.unit, panel.decimals)}`);
  return {
    ...view,
    chart: drawChart(barChart(panel, bars), size, `Bars: ${panel.title}. ${named.join('; ')}.`),
    more: moreWords(all.length - bars.length, 'bar'),
  };
}

function stateView(panel: StatesPanel, data: PanelData, span: ReportSpan): PanelView {
  const all = data.queries.flatMap(({ query, series }) =>
    series.map((one) => {
      const [first, second] = one.points;
      const step = first === undefined || second === undefined ? 60 : second.seconds - first.seconds;
      return { name: legendOf(query, one).trim(), spans: stateSpans(one.points, step) };
    }),
  );
  const rows = all.slice(0, MAX_STATE_ROWS);
  const size = { width: WHOLE, height: 30 + 20 * rows.length };
  const label = `States over time: ${panel.title}. ${rows.map(({ name }) => name).join('; ')}.`;
  return {
    ...base(data),
    isWide: true,
    chart: drawChart(stateChart(panel, rows, span), size, label),
    states: Object.values(panel.words).map((name, index) => ({ swatch: block(index), name })),
    more: moreWords(all.length - rows.length, 'row'),
  };
}

function tableView(panel: TablePanel, data: PanelData): PanelView {
  const { table, leftOut } = viewTable(panel, data);
  const more = leftOut === 0 ? '' : `${count(leftOut, 'row')} more not shown.`;
  return { ...base(data), isWide: panel.width >= 12, table, more };
}

/** Any panel but numbers. */
export function viewPanel(data: PanelData, span: ReportSpan): PanelView {
  const { panel } = data;
  switch (panel.kind) {
    case 'timeseries':
      return lineView(panel, data, span);
    case 'bars':
      return barView(panel, data);
    case 'states':
      return stateView(panel, data, span);
    case 'table':
      return tableView(panel, data);
    case 'stat':
      throw new Error(`panel ${panel.id} is a number: viewStat shows it`);
    default:
      return assertNever(panel);
  }
}

/** A number; null when it has none at the end of the range. */
export function viewStat(data: PanelData, span: ReportSpan): StatView | null {
  const figures = statFigures(data, span);
  if (figures.length === 0) return null;
  const { panel } = data;
  const order: readonly Level[] = ['critical', 'warning', 'ok', 'neutral'];
  const worst = order.find((level) => figures.some((figure) => figure.level === level)) ?? 'neutral';
  const [first] = figures;
  const points = (first?.points ?? []).filter(({ value }) => Number.isFinite(value));
  const hasLine = panel.kind === 'stat' && panel.hasSparkline && points.length > 2 && figures.length === 1;
  const line = points.map(({ seconds, value }) => [seconds * 1000, value] as const);
  const label = `Course over time of ${panel.title}`;
  return {
    title: panel.title,
    shows: onPaper(panel.text.shows),
    level: worst,
    levelWord: levelWord(worst),
    figures: figures.map(({ name, text }) => ({ name, text })),
    sparkline: hasLine ? drawChart(sparkline(line, span), { width: 150, height: 24 }, label) : '',
  };
}
