/** What ECharts is told to draw for charts with one row for each name: bars of now, states over time. Pure. */
import type { EChartsCoreOption } from 'echarts/core';
import type { BarsPanel, StatesPanel } from '../catalog/dashboards/panel.ts';
import { formatValue } from '../panels/format-value.ts';
import { gridOver, LABEL, nameAxis, namesWidth, STILL, timeAxis } from './chart-axes.ts';
import { lineLook } from './palette.ts';
import type { ReportSpan } from './report.ts';
import type { StateSpan } from './state-spans.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Room for the value behind the longest bar. */
const VALUE_WIDTH = 80;
const BAR_HEIGHT = 16;

/** How long a bar can get; a share is one of the whole. */
function longest({ unit, max }: Pick<BarsPanel, 'unit' | 'max'>, bars: readonly Bar[]): number {
  const greatest = bars.reduce((most, { value }) => Math.max(most, value), 0);
  if (max !== undefined && greatest <= max) return max;
  if (unit === 'percentunit' && greatest <= 1) return 1;
  return greatest > 0 ? greatest : 1;
}

/** In the given order from the top, the value behind each. */
export function barChart(
  panel: Pick<BarsPanel, 'unit' | 'decimals' | 'max'>,
  bars: readonly Bar[],
): EChartsCoreOption {
  const names = bars.map(({ name }) => name);
  const formatter = ({ value }: { readonly value: number }) => formatValue(value, panel.unit, panel.decimals);
  return {
    ...STILL,
    grid: { left: namesWidth(names), right: VALUE_WIDTH, top: 4, bottom: 4, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: 0, max: longest(panel, bars) },
    yAxis: nameAxis(names),
    series: [
      {
        type: 'bar',
        silent: true,
        emphasis: { disabled: true },
        barMaxWidth: BAR_HEIGHT,
        itemStyle: { color: lineLook(0).colour },
        data: bars.map(({ value }) => value),
        label: { show: true, position: 'right', ...LABEL, formatter },
      },
    ],
  };
}

interface Drawing {
  readonly coord: (point: readonly [number, number]) => readonly [number, number];
  readonly value: (dimension: number) => number;
}

export interface StateRow {
  readonly name: string;
  readonly spans: readonly StateSpan[];
}

/** The colour of a state is that of its place in the panel's words. */
export function stateChart(
  { words }: Pick<StatesPanel, 'words'>,
  rows: readonly StateRow[],
  span: ReportSpan,
): EChartsCoreOption {
  const states = Object.keys(words);
  const names = rows.map(({ name }) => name);
  return {
    ...STILL,
    grid: gridOver({ left: namesWidth(names), top: 4 }),
    xAxis: timeAxis(span),
    yAxis: nameAxis(names),
    series: [
      {
        type: 'custom',
        silent: true,
        clip: true,
        encode: { x: [1, 2], y: 0 },
        data: rows.flatMap(({ spans }, row) =>
          spans.map(({ startMs, endMs, state }) => [row, startMs, endMs, states.indexOf(state)]),
        ),
        renderItem: (_: unknown, api: Drawing) => {
          const [left, middle] = api.coord([api.value(1), api.value(0)]);
          const [right] = api.coord([api.value(2), api.value(0)]);
          const top = middle - BAR_HEIGHT / 2;
          return {
            type: 'rect',
            shape: { x: left, y: top, width: Math.max(1, right - left), height: BAR_HEIGHT },
            style: { fill: lineLook(Math.max(0, api.value(3))).colour },
          };
        },
      },
    ],
  };
}
