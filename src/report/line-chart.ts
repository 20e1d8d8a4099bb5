/** What ECharts is told to draw for lines over time, and for the small line behind a number. Pure. */
import type { EChartsCoreOption } from 'echarts/core';
import type { TimeSeriesPanel } from '../catalog/dashboards/panel.ts';
import type { Thresholds } from '../catalog/dashboards/thresholds.ts';
import {
  AXIS_HEIGHT,
  CHART_HEIGHT,
  gridOver,
  LABEL,
  STILL,
  scaleWidth,
  timeAxis,
  valueAxis,
} from './chart-axes.ts';
import type { ChartLine, ChartPoint } from './chart-lines.ts';
import { niceScale, type Scale } from './nice-scale.ts';
import { LEVEL_COLOURS, lineLook, TEXT_COLOUR } from './palette.ts';
import type { ReportSpan } from './report.ts';

const TOP_MARGIN = 14;
/** Between lines of the value axis' lowest and highest value. */
const PLOT_HEIGHT = CHART_HEIGHT - TOP_MARGIN - AXIS_HEIGHT;
const TEXT_HEIGHT = 16;

/** Above its line where the next line leaves room, else below it, else nowhere. `heights` are pixels above the axis. */
function wordPosition(heights: readonly number[], i: number): string | null {
  const [below = 0, height = 0, above] = [heights[i - 1], heights[i], heights[i + 1]];
  if (above === undefined || above - height >= TEXT_HEIGHT) return 'insideStartTop';
  return height - below >= TEXT_HEIGHT ? 'insideStartBottom' : null;
}

/** Lines from which on values are bad, with their word; those far above the values stay out of the picture. */
function thresholdLines(thresholds: Thresholds | undefined, { min, max }: Scale) {
  const steps = thresholds?.steps ?? [];
  const seen = steps.flatMap(({ from, level }, i) => {
    if (from === null || from <= min || from > max) return [];
    const worse = [level, steps[i - 1]?.level].includes('critical') ? 'critical' : 'warning';
    return [{ from, worse } as const];
  });
  const heights = seen.map(({ from }) => ((from - min) / (max - min)) * PLOT_HEIGHT);
  const data = seen.map(({ from, worse }, i) => {
    const position = wordPosition(heights, i);
    return {
      yAxis: from,
      lineStyle: { color: LEVEL_COLOURS[worse], type: 'dashed', width: 1 },
      label:
        position === null
          ? { show: false }
          : { ...LABEL, show: true, position, formatter: worse, opacity: 0.8 },
    };
  });
  return data.length === 0 ? {} : { markLine: { silent: true, symbol: 'none', animation: false, data } };
}

/** A point between two gaps would be a line without length. */
function isAlone(points: readonly ChartPoint[], i: number): boolean {
  return (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null;
}

/** Lowest and highest value that is drawn, stacked or not. */
function extent(lines: readonly ChartLine[], isStacked: boolean): readonly [number, number] {
  const values = lines.flatMap(({ points }) =>
    points.flatMap(([, value]) => (value === null ? [] : [value])),
  );
  const least = values.reduce((a, b) => Math.min(a, b), 0);
  if (!isStacked) return [least, values.reduce((a, b) => Math.max(a, b), least)];
  const sums = new Map<number, number>();
  for (const { points } of lines)
    for (const [ms, value] of points) sums.set(ms, (sums.get(ms) ?? 0) + (value ?? 0));
  return [least, [...sums.values()].reduce((a, b) => Math.max(a, b), least)];
}

export function lineChart(
  panel: Pick<TimeSeriesPanel, 'unit' | 'isStacked' | 'min' | 'max' | 'thresholds'>,
  lines: readonly ChartLine[],
  span: ReportSpan,
): EChartsCoreOption {
  const unit = lines[0]?.unit ?? panel.unit;
  const [least, greatest] = extent(lines, panel.isStacked);
  const scale = niceScale(least, greatest, { unit, min: panel.min, max: panel.max });
  return {
    ...STILL,
    grid: gridOver({ left: scaleWidth(scale, unit), top: TOP_MARGIN }),
    xAxis: timeAxis(span),
    yAxis: valueAxis(scale, unit),
    series: lines.map(({ points }, index) => {
      const { colour, dash } = lineLook(index);
      return {
        type: 'line',
        silent: true,
        emphasis: { disabled: true },
        symbol: 'none',
        lineStyle: { width: 1.75, color: colour, type: dash },
        itemStyle: { color: colour },
        ...(panel.isStacked && { stack: 'all', areaStyle: { color: colour, opacity: 0.35 } }),
        data: points.map((value, i) =>
          value[1] !== null && isAlone(points, i) ? { value, symbol: 'circle', symbolSize: 5 } : { value },
        ),
        ...(index === 0 ? thresholdLines(panel.thresholds, scale) : {}),
      };
    }),
  };
}

/** A line without axes. */
export function sparkline(points: readonly ChartPoint[], span: ReportSpan): EChartsCoreOption {
  return {
    ...STILL,
    grid: { left: 0, right: 0, top: 2, bottom: 2 },
    xAxis: { show: false, type: 'time', min: span.startSeconds * 1000, max: span.endSeconds * 1000 },
    yAxis: { show: false, type: 'value', scale: true },
    series: [
      {
        type: 'line',
        silent: true,
        emphasis: { disabled: true },
        symbol: 'none',
        lineStyle: { width: 1.25, color: TEXT_COLOUR, opacity: 0.6 },
        data: points.map((value) => ({ value })),
      },
    ],
  };
}
