/** Where on the screen which panel goes. Types only; `places.ts` names the panels. */

/** A panel of the catalogue by name; its queries, unit and thresholds are the panel's. */
export interface PanelName {
  /** `uid` of the dashboard. */
  readonly dashboard: string;
  readonly panel: string;
}

/** A fact of a server for the first line: the panel's word or figure, or a label of its series. */
export interface FactPlace extends PanelName {
  readonly key: string;
  /** Stands before it; empty = nothing. */
  readonly prefix: string;
  /** The label that is the fact; null = the value is. */
  readonly label: string | null;
}

export interface FigurePlace {
  readonly key: string;
  /** Short, for the left edge of a line. */
  readonly name: string;
  /** Where it comes from; the first panel that has a value counts: a primary and a replica know of lag by different ways. */
  readonly from: readonly (PanelName & {
    /** Which of the panel's queries. */
    readonly query: number;
  })[];
  /** How several series (databases, replicas) become one figure. */
  readonly join: 'sum' | 'max' | 'min';
}

export interface TallyPlace extends PanelName {
  readonly key: string;
  readonly name: string;
  readonly query: number;
}

export interface ListPlace extends PanelName {
  readonly key: string;
  readonly name: string;
  /** The most important first, as narrow screens lack the last: labels of the panel, and its queries by index. */
  readonly columns: readonly (
    | {
        readonly label: string;
        readonly header: string;
        /** Never cut: half an id is none. */
        readonly isWhole?: true;
      }
    | { readonly query: number; readonly header: string }
  )[];
  /** What it means that there are no rows, where that is good: `nobody waits`. */
  readonly none: string | null;
}
