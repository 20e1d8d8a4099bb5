/** Panels with data and reports made by hand. */
import { query, stat, timeSeries } from '../../../src/catalog/dashboards/house-look.ts';
import type { PanelQuery, StatPanel, TimeSeriesPanel } from '../../../src/catalog/dashboards/panel.ts';
import { highIsBad } from '../../../src/catalog/dashboards/thresholds.ts';
import type { FiredAlert } from '../../../src/panels/alert-history.ts';
import type { PanelData } from '../../../src/panels/load-panel.ts';
import type { Topic, TopicPanel } from '../../../src/panels/load-topics.ts';
import type { Report, SeenServer } from '../../../src/report/report.ts';

/** 2026-01-31 12:00 UTC. */
export const END = 1_769_860_800;
export const START = END - 3600;
export const SPAN = { startSeconds: START, endSeconds: END };

const TEXT = { shows: 'What it shows.', normal: 'Below 80 %.', action: 'Do this.' };

export function statPanel(more: Partial<StatPanel> = {}): StatPanel {
  return stat({
    id: 'used',
    title: 'Connections Used (%)',
    text: TEXT,
    unit: 'percentunit',
    queries: [query('used', '{{datname}}')],
    thresholds: highIsBad(0.8, 0.95),
    ...more,
  });
}

export function linePanel(more: Partial<TimeSeriesPanel> = {}): TimeSeriesPanel {
  return timeSeries({
    id: 'course',
    title: 'Course (%)',
    text: TEXT,
    unit: 'percentunit',
    queries: [query('course', '{{datname}}')],
    ...more,
  });
}

/** Points every minute up to the end; null leaves one out. */
export function points(values: readonly (number | null)[]) {
  return values.flatMap((value, i) =>
    value === null ? [] : [{ seconds: END - (values.length - 1 - i) * 60, value }],
  );
}

/** One series for each name, all of the panel's first query. */
export function dataOf(
  panel: PanelData['panel'],
  series: Readonly<Record<string, readonly (number | null)[]>>,
): PanelData {
  const [first] = panel.queries;
  const asked: PanelQuery = first ?? query('x', '');
  const found = Object.entries(series).map(([datname, values]) => ({
    labels: { datname },
    points: points(values),
  }));
  return { panel, queries: [{ query: asked, series: found }] };
}

export function topicOf(panels: readonly TopicPanel[], empty: Topic['empty'] = []): Topic {
  return {
    slug: '01-overview',
    title: '01-Overview',
    question: 'Is it well?',
    rows: [{ title: 'Now', panels }],
    empty,
  };
}

export function seen(name: string, more: Partial<SeenServer> = {}): SeenServer {
  return { name, environment: 'test', version: '18.1', role: 'primary', answered: 1, ...more };
}

export function fired(more: Partial<FiredAlert> = {}): FiredAlert {
  return {
    name: 'PostgreSQLDown',
    severity: 'critical',
    labels: { instance: 'orders' },
    spans: [{ startSeconds: END - 600, endSeconds: END }],
    isFiring: true,
    summary: 'orders does not answer',
    description: 'Nobody could ask orders.',
    sql: null,
    runbookUrl: null,
    ...more,
  };
}

export function reportOf(more: Partial<Report> = {}): Report {
  return {
    stackName: 'shop',
    version: '1.2.3',
    madeAtSeconds: END,
    span: SPAN,
    isCut: false,
    servers: [seen('orders')],
    alerts: [],
    fleet: null,
    details: [],
    machines: [],
    runbooks: new Map(),
    leftOut: [],
    ...more,
  };
}
