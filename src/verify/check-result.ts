/** One verdict of pgmon about one hop of the data path. */

/** In the order in which data flows; a failing hop explains the failures after it. */
export const HOPS = [
  /** With Docker. */
  'container',
  /** With the native runtime. */
  'unit',
  'sql-login',
  'exporter',
  'prometheus',
  'target',
  'rules',
  'alerts',
  'alertmanager',
  'grafana',
  'data-source',
  /** Only when asked for: `pgmon check --panels`. */
  'panels',
] as const;
export type Hop = (typeof HOPS)[number];

export interface CheckResult {
  /** Unique in a run, e.g. `sql-login/app-db`. */
  readonly id: string;
  readonly hop: Hop;
  /** Server, service or job that was looked at. */
  readonly subject: string;
  readonly status: 'pass' | 'fail' | 'skip';
  /** What was seen, with values. Never a secret. */
  readonly detail: string;
  /** What to do about a failure; null on success. */
  readonly hint: string | null;
  readonly durationMs: number;
}
