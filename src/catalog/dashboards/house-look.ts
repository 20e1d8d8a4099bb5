/** Panel constructors with the house look: usual sizes and defaults. What a panel says differs, how it looks does not. */
import type {
  BarsPanel,
  Panel,
  PanelQuery,
  StatesPanel,
  StatPanel,
  TablePanel,
  TimeSeriesPanel,
} from './panel.ts';

type Given<T, Defaults extends keyof T> = Omit<T, 'kind' | Defaults> & Partial<Pick<T, Defaults>>;

export function query(
  expr: string,
  legend: string,
  more: Omit<PanelQuery, 'expr' | 'legend'> = {},
): PanelQuery {
  return { expr, legend, ...more };
}

/** Says so where every figure is read seldom: beside a table that was just loaded they would look wrong. */
function paced<T extends Pick<Panel, 'text' | 'queries'>>(panel: T): T {
  const isSeldom = panel.queries.every(({ everySeconds }) => everySeconds === 300);
  if (!isSeldom) return panel;
  return { ...panel, text: { ...panel.text, shows: `${panel.text.shows} Read every 5 minutes.` } };
}

/** A number: an eighth of the width. */
export function stat(panel: Given<StatPanel, 'width' | 'height' | 'emptyWhen' | 'hasSparkline'>): StatPanel {
  return { kind: 'stat', width: 3, height: 4, emptyWhen: [], hasSparkline: false, ...paced(panel) };
}

/** Lines: half the width. */
export function timeSeries(
  panel: Given<TimeSeriesPanel, 'width' | 'height' | 'emptyWhen' | 'isStacked'>,
): TimeSeriesPanel {
  return { kind: 'timeseries', width: 12, height: 8, emptyWhen: [], isStacked: false, ...paced(panel) };
}

/** Bars: half the width. */
export function bars(panel: Given<BarsPanel, 'width' | 'height' | 'emptyWhen'>): BarsPanel {
  return { kind: 'bars', width: 12, height: 8, emptyWhen: [], ...paced(panel) };
}

/** A table: the whole width. */
export function table(
  panel: Given<TablePanel, 'width' | 'height' | 'emptyWhen' | 'sortBy' | 'isAscending'>,
): TablePanel {
  return {
    kind: 'table',
    width: 24,
    height: 9,
    emptyWhen: [],
    sortBy: 0,
    isAscending: false,
    ...paced(panel),
  };
}

/** States over time: the whole width. */
export function states(panel: Given<StatesPanel, 'width' | 'height' | 'emptyWhen'>): StatesPanel {
  return { kind: 'states', width: 24, height: 6, emptyWhen: [], ...paced(panel) };
}
