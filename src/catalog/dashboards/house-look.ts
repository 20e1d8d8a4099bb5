/** Panel constructors with the house look: usual sizes and defaults. What a panel says differs, how it looks does not. */
import type { BarsPanel, PanelQuery, StatesPanel, StatPanel, TablePanel, TimeSeriesPanel } from './panel.ts';

type Given<T, Defaults extends keyof T> = Omit<T, 'kind' | Defaults> & Partial<Pick<T, Defaults>>;

export function query(
  expr: string,
  legend: string,
  more: Omit<PanelQuery, 'expr' | 'legend'> = {},
): PanelQuery {
  return { expr, legend, ...more };
}

/** A number: an eighth of the width. */
export function stat(panel: Given<StatPanel, 'width' | 'height' | 'emptyWhen' | 'hasSparkline'>): StatPanel {
  return { kind: 'stat', width: 3, height: 4, emptyWhen: [], hasSparkline: false, ...panel };
}

/** Lines: half the width. */
export function timeSeries(
  panel: Given<TimeSeriesPanel, 'width' | 'height' | 'emptyWhen' | 'isStacked'>,
): TimeSeriesPanel {
  return { kind: 'timeseries', width: 12, height: 8, emptyWhen: [], isStacked: false, ...panel };
}

/** Bars: half the width. */
export function bars(panel: Given<BarsPanel, 'width' | 'height' | 'emptyWhen'>): BarsPanel {
  return { kind: 'bars', width: 12, height: 8, emptyWhen: [], ...panel };
}

/** A table: the whole width. */
export function table(
  panel: Given<TablePanel, 'width' | 'height' | 'emptyWhen' | 'sortBy' | 'isAscending'>,
): TablePanel {
  return { kind: 'table', width: 24, height: 9, emptyWhen: [], sortBy: 0, isAscending: false, ...panel };
}

/** States over time: the whole width. */
export function states(panel: Given<StatesPanel, 'width' | 'height' | 'emptyWhen'>): StatesPanel {
  return { kind: 'states', width: 24, height: 6, emptyWhen: [], ...panel };
}
