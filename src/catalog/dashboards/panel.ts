/**
 * What a panel of the catalogue is. Pure data, and the only copy of its queries: Grafana's files, `pgmon check --panels`,
 * `pgmon report` and `pgmon top` all read it.
 */
import type { EmptyWhen } from './empty-when.ts';
import type { Thresholds } from './thresholds.ts';

/** Ids of Grafana's units. Shares are 0 to 1 (`percentunit`), times are seconds, sizes are bytes. */
export type Unit =
  | 'none'
  | 'short'
  | 'percentunit'
  | 's'
  | 'bytes'
  | 'Bps'
  /** Per second: transactions, queries, rows, blocks, operations. */
  | 'tps'
  | 'reqps'
  | 'rowsps'
  | 'iops'
  /** 1 = yes, 0 = no, shown as words. */
  | 'bool_yes_no'
  /** A Unix time, in milliseconds. */
  | 'dateTimeAsIso';

export interface PanelQuery {
  /** PromQL with Grafana's variables; every selector of a server has `instance=~"$instance"`, or takes part in a join that does. */
  readonly expr: string;
  /** Grafana's legend, e.g. `{{datname}}`; in a table the header of the value's column. */
  readonly legend: string;
  /** Where it differs from the panel's. */
  readonly unit?: Unit;
  /** Seconds between the samples of its metrics when they come more seldom than the scrape interval: 60 (slow job, SQL exporter) or 300 (tables). */
  readonly everySeconds?: 60 | 300;
  /** Table columns only: colours of the cell. */
  readonly thresholds?: Thresholds;
}

/** Where a click leads: another dashboard with the row's labels as its variables, or a page of pgmon's documents. */
export interface PanelLink {
  readonly title: string;
  /** `uid` of a dashboard of the catalogue. */
  readonly dashboard: string;
  /** Variable of that dashboard -> label of the series that was clicked on. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A label that a table shows as a column. */
export interface LabelColumn {
  readonly label: string;
  readonly header: string;
  readonly link?: PanelLink;
}

/** What a person reads behind the panel's "i". One or two plain sentences each. */
export interface PanelText {
  /** What the figure is and how it is made. */
  readonly shows: string;
  /** What a healthy server shows. */
  readonly normal: string;
  /** What to do when it is not normal. */
  readonly action: string;
}

interface PanelBase {
  /** Unique in its dashboard and never changed: links, `--json` and tests name it. kebab-case. */
  readonly id: string;
  /** Names the metric and the unit: `Cache Hit Ratio (%)`. */
  readonly title: string;
  readonly text: PanelText;
  readonly unit: Unit;
  readonly decimals?: number;
  readonly queries: readonly PanelQuery[];
  /** Of Grafana's 24 columns. */
  readonly width: number;
  /** Grid rows of about 38 pixels. */
  readonly height: number;
  readonly thresholds?: Thresholds;
  /** Every honest reason for which no query of the panel returns anything; none = that is a fault. */
  readonly emptyWhen: readonly EmptyWhen[];
  /** An alert of the catalogue that watches the same figure: its runbook is linked. */
  readonly alert?: string;
  readonly links?: readonly PanelLink[];
}

/** One or a few big numbers, of now. */
export interface StatPanel extends PanelBase {
  readonly kind: 'stat';
  /** Words for values, e.g. 1 -> "up". */
  readonly words?: Readonly<Record<string, string>>;
  /** A small line of the time behind the number. */
  readonly hasSparkline: boolean;
}

/** Lines over time. */
export interface TimeSeriesPanel extends PanelBase {
  readonly kind: 'timeseries';
  readonly isStacked: boolean;
  readonly min?: number;
  readonly max?: number;
}

/** Bars of now, longest first. */
export interface BarsPanel extends PanelBase {
  readonly kind: 'bars';
  readonly max?: number;
}

/** One row for each set of labels, one column for each query; all queries are asked for now and keep the same labels. */
export interface TablePanel extends PanelBase {
  readonly kind: 'table';
  readonly columns: readonly LabelColumn[];
  /** Index of the query whose value sorts the rows, greatest first; `ascending` for the other way. */
  readonly sortBy: number;
  readonly isAscending: boolean;
}

/** States over time as coloured bars, one line for each series. */
export interface StatesPanel extends PanelBase {
  readonly kind: 'states';
  readonly words: Readonly<Record<string, string>>;
}

export type Panel = StatPanel | TimeSeriesPanel | BarsPanel | TablePanel | StatesPanel;
export type PanelKind = Panel['kind'];
