/** What `pgmon top` shows of one server, before it is laid out: figures with their last half hour, and lists of now. */
import type { Unit } from '../catalog/dashboards/panel.ts';
import type { Level } from '../catalog/dashboards/thresholds.ts';

/** The panel that something comes from. */
export interface Origin {
  /** `uid` of the dashboard. */
  readonly dashboard: string;
  readonly panel: string;
}

export interface Cell {
  readonly text: string;
  readonly level: Level;
}

export interface Fact extends Origin, Cell {
  readonly key: string;
  /** Stands before the text; empty = nothing. */
  readonly prefix: string;
}

export interface Figure extends Origin {
  readonly key: string;
  /** Short, for the left edge of a line. */
  readonly name: string;
  readonly unit: Unit;
  /** Of now; null when there is none. */
  readonly value: number | null;
  /** `value` for a person; words where the panel has words for its values. */
  readonly text: string;
  readonly level: Level;
  /** One for each step of the last half hour, the last is now; null = nothing was there. */
  readonly course: readonly (number | null)[];
  /** Lowest and highest value of the course's scale. */
  readonly scale: readonly [low: number, high: number];
  /** Why there is no value; null when there is one. */
  readonly reason: string | null;
}

export interface ListColumn {
  readonly header: string;
  /** Never cut. */
  readonly isWhole: boolean;
  readonly isNumber: boolean;
}

export interface ListRow {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
  /** One for each column of the list. */
  readonly cells: readonly Cell[];
}

export interface List extends Origin {
  readonly key: string;
  readonly name: string;
  readonly columns: readonly ListColumn[];
  /** What each value of a row is, e.g. `Calls`. */
  readonly valueNames: readonly string[];
  /** The most important first. */
  readonly rows: readonly ListRow[];
  /** Why there are no rows, or what it means that there are none. */
  readonly reason: string | null;
}

/** A few names with a number each, which fit into one line. */
export interface Tally extends Origin {
  readonly key: string;
  readonly name: string;
  /** The greatest first. */
  readonly parts: readonly { readonly name: string; readonly value: number; readonly text: string }[];
  readonly reason: string | null;
}

export interface ServerView {
  readonly server: string;
  /** False: it does not answer, and the figures are of before; null: Prometheus has no sample of it yet. */
  readonly isUp: boolean | null;
  /** Short facts of the server: version, role; those that are known. */
  readonly facts: readonly Fact[];
  readonly figures: readonly Figure[];
  readonly tallies: readonly Tally[];
  readonly lists: readonly List[];
  /** Unix time that all of it is of. */
  readonly atSeconds: number;
}

/** Every server of the stack in one list, to choose one. */
export interface FleetView {
  readonly list: List;
  readonly atSeconds: number;
}
