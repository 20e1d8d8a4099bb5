/** What a report is made of: everything is known, nothing is drawn yet. Pure data. */
import type { FiredAlert } from '../panels/alert-history.ts';
import type { Topic } from '../panels/load-topics.ts';

export interface ReportSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** What is known of a server without looking at its panels. */
export interface SeenServer {
  readonly name: string;
  /** Empty where nobody knows. */
  readonly environment: string;
  readonly version: string;
  readonly role: string;
  /** Share of the range in which it answered; null = no sample of it in the range. */
  readonly answered: number | null;
}

/** The panels of one server or one machine. */
export interface Place {
  readonly name: string;
  readonly topics: readonly Topic[];
}

export interface Report {
  readonly stackName: string;
  readonly version: string;
  readonly madeAtSeconds: number;
  readonly span: ReportSpan;
  /** Prometheus has nothing older, although more was asked for. */
  readonly isCut: boolean;
  /** Every server that the report is about, in the order of the spec. */
  readonly servers: readonly SeenServer[];
  readonly alerts: readonly FiredAlert[];
  /** About all servers together; null for a single one. */
  readonly fleet: Topic | null;
  /** Servers in detail: all of them when they are few. */
  readonly details: readonly Place[];
  readonly machines: readonly Place[];
  /** Pages about alerts by alert name: Markdown. */
  readonly runbooks: ReadonlyMap<string, string>;
  /** What the report does not show and why, one sentence each. */
  readonly leftOut: readonly string[];
}
