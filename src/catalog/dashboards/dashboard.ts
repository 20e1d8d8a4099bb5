/** What a dashboard of the catalogue is: a table of contents of panels. Pure data. */
import type { Panel } from './panel.ts';
import type { Variable } from './variables.ts';

/** Panels under one heading, left to right and line by line; each line of panels has one height and fills all 24 columns. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A part of the stack that a dashboard is about; a stack without it goes without the dashboard. With Grafana as the engine, Prometheus has no alerts. */
export type DashboardNeed = 'node-exporter' | 'sql-exporter' | 'slo' | 'prometheus-alerts';

export interface Dashboard {
  /** Number and name as in the title, e.g. `01-overview`; also the file's name. */
  readonly slug: string;
  /** Never changed: `pgmon-overview`. Links use it. */
  readonly uid: string;
  /** `01-Overview`. */
  readonly title: string;
  /** The question it answers, one sentence. */
  readonly question: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  readonly needs?: DashboardNeed;
  /** Time range it opens with, e.g. `6h`. */
  readonly range: string;
}

/** Uids, so that links are checked by the compiler. */
export const DASHBOARD_UIDS = {
  fleet: 'pgmon-fleet',
  overview: 'pgmon-overview',
  performance: 'pgmon-performance',
  connections: 'pgmon-connections',
  queries: 'pgmon-queries',
  replication: 'pgmon-replication',
  tables: 'pgmon-tables-indexes',
  alerting: 'pgmon-alerting',
  wal: 'pgmon-wal-checkpoints',
  vacuum: 'pgmon-vacuum',
  host: 'pgmon-host',
  slo: 'pgmon-slo',
  self: 'pgmon-monitoring-self',
} as const;
