/** The total views of the page's templates: every key is there, null or empty where there is nothing. */

export interface LegendView {
  /** An `<svg>` of the line as it is drawn. */
  readonly swatch: string;
  readonly name: string;
  readonly mean: string;
  readonly max: string;
  readonly last: string;
}

export interface CellView {
  readonly text: string;
  readonly isNumber: boolean;
  /** `warning`, `critical`, or ''. */
  readonly level: string;
}

export interface TableView {
  /** More columns than fit otherwise. */
  readonly isDense: boolean;
  readonly headers: readonly { readonly text: string; readonly isNumber: boolean }[];
  readonly rows: readonly { readonly cells: readonly CellView[] }[];
}

export interface StatView {
  readonly title: string;
  readonly shows: string;
  /** Of the worst figure: `ok`, `warning`, `critical`, `neutral`. */
  readonly level: string;
  /** The level as a word; '' when it is well or there is nothing to judge. */
  readonly levelWord: string;
  readonly figures: readonly { readonly name: string; readonly text: string }[];
  /** An `<svg>`, or ''. */
  readonly sparkline: string;
}

export interface PanelView {
  readonly title: string;
  readonly shows: string;
  readonly normal: string;
  readonly isWide: boolean;
  /** An `<svg>`, or ''. */
  readonly chart: string;
  readonly legend: readonly LegendView[];
  /** Words of states with their colours. */
  readonly states: readonly { readonly swatch: string; readonly name: string }[];
  readonly table: TableView | null;
  /** What was left out of this panel; ''. */
  readonly more: string;
}

export interface RowView {
  readonly title: string;
  readonly stats: readonly StatView[];
  readonly panels: readonly PanelView[];
  /** Titles of charts that would be a flat line at 0. */
  readonly quiet: readonly string[];
}

export interface TopicView {
  readonly anchor: string;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly RowView[];
}

export interface PlaceView {
  readonly anchor: string;
  readonly title: string;
  /** `critical` … as in verdicts; '' for a machine. */
  readonly verdict: string;
  readonly words: string;
  readonly facts: string;
  readonly topics: readonly TopicView[];
}

export interface FindingView {
  readonly level: string;
  readonly subject: string;
  readonly title: string;
  readonly id: string;
  /** `firing now`, `over`, `now`. */
  readonly state: string;
  readonly detail: string;
  readonly occurrences: readonly { readonly what: string; readonly when: string }[];
  readonly moreOccurrences: string;
  readonly steps: readonly string[];
  readonly sql: string;
  readonly runbook: string;
  readonly runbookUrl: string;
}

export interface ServerRowView {
  readonly name: string;
  /** '' when it is not shown in detail. */
  readonly anchor: string;
  readonly kind: string;
  readonly words: string;
  readonly facts: string;
  readonly answered: string;
  readonly findings: string;
}

export interface PageView {
  readonly css: string;
  readonly title: string;
  readonly stack: string;
  readonly range: string;
  readonly length: string;
  readonly made: string;
  readonly version: string;
  readonly verdict: { readonly kind: string; readonly words: string; readonly detail: string };
  readonly servers: readonly ServerRowView[];
  readonly moreServers: string;
  readonly findings: readonly FindingView[];
  readonly moreFindings: string;
  /** HTML of report-place.html.hbs. */
  readonly fleet: string;
  readonly places: readonly { readonly anchor: string; readonly title: string; readonly html: string }[];
  readonly empty: readonly { readonly where: string; readonly reason: string; readonly panels: string }[];
  readonly leftOut: readonly string[];
}
