/** What a finding is, and which one comes first. Pure. */

export type FindingLevel = 'critical' | 'warning' | 'info';

/** One set of labels to which it happened. */
export interface Occurrence {
  /** `app.orders`, or '' where there is nothing to tell apart. */
  readonly what: string;
  readonly summary: string | null;
  readonly spans: readonly { readonly startSeconds: number; readonly endSeconds: number }[];
  readonly totalSeconds: number;
  readonly isNow: boolean;
}

export interface Finding {
  readonly kind: 'alert' | 'figure';
  /** Name of the alert, or id of the panel. */
  readonly id: string;
  readonly level: FindingLevel;
  /** Name of a server or of a machine; null = the stack itself. */
  readonly subject: string | null;
  readonly title: string;
  /** What is so and what it means. */
  readonly detail: string;
  readonly isNow: boolean;
  /** Longest first; empty for a figure of now. */
  readonly occurrences: readonly Occurrence[];
  /** What to do, in order. */
  readonly steps: readonly string[];
  readonly sql: string | null;
  /** Name of the page, for `pgmon runbook`. */
  readonly runbook: string | null;
  readonly runbookUrl: string | null;
}

const LEVELS: readonly FindingLevel[] = ['critical', 'warning', 'info'];

function totalOf({ occurrences }: Finding): number {
  return occurrences.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0);
}

/** Most severe first, then what is so now, then servers before machines, then alerts before figures, then what lasted longest. */
export function compareFindings(a: Finding, b: Finding, machines: readonly string[] = []): number {
  const isOfMachine = ({ subject }: Finding) => subject !== null && machines.includes(subject);
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    Number(b.isNow) - Number(a.isNow) ||
    Number(isOfMachine(a)) - Number(isOfMachine(b)) ||
    Number(a.kind === 'figure') - Number(b.kind === 'figure') ||
    totalOf(b) - totalOf(a) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}
