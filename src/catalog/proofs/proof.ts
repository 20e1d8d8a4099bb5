/**
 * How an alert is proved with promtool: a simulated healthy world, a fault that changes some of its series for a while,
 * and what must fire meanwhile. The generator (`render/rule-tests`) makes the cases; this is the data.
 *
 * A case is checked four times: silent through the whole warm-up; silent one step before `delay` + `for`; firing, with every
 * label and annotation, one step after; gone one step after `recovery` + `keep_firing_for`. So `delay` is exact to a step.
 * A counter first grows by the fault's value one step after the fault.
 */

export interface SimulatedSeries {
  readonly metric: string;
  /** With `job` and `instance`, as Prometheus stores them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: 'gauge' | 'counter' | 'clock';
  /** A gauge's value, a counter's growth per minute, or the seconds that a clock is ahead; null = the series is not there. */
  readonly value: number | null;
  /** On a server that runs but does nothing; default: counters stand still, gauges as in `value`. */
  readonly idle?: number | null;
  /** On a server, and a stack, that started a moment ago; default as in `value`. */
  readonly started?: number | null;
}

/** A change to every series of the world with this metric and these labels (a subset is enough). It must match at least one. */
export interface Change {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | null;
}

export interface Proof {
  /** What goes wrong; empty for an alert that always fires. */
  readonly fault: readonly Change[];
  /**
   * Series that only this fault needs; they are in the world with `value` before and after it. One with the name of a
   * recording rule stands in for the rule, where computing it would take days.
   */
  readonly extra?: readonly SimulatedSeries[];
  /** From the fault until the expression holds, e.g. because of `rate(…[5m])`; default `0s`. Prometheus duration. */
  readonly delay?: string;
  /** From the repair until the expression no longer holds; default: `delay`'s. */
  readonly recovery?: string;
  /** Healthy time before the fault; default 15m. */
  readonly warmup?: string;
  /** Time between samples and evaluations of this proof; default 15s. Longer for windows of days. */
  readonly step?: string;
  /** The alert's labels besides alertname, severity and those of the simulated server (`job` is named here if it stays). */
  readonly labels: Readonly<Record<string, string>>;
  /** Summary and description as they must read at the moment of firing. */
  readonly summary: string;
  readonly description: string;
}

/** One more way in which the same alert fires: another part of its expression, another version of PostgreSQL. */
export interface FurtherProof extends Proof {
  /** In words; becomes part of the case's name. */
  readonly what: string;
}

/** Something that looks like the alert's fault and is not: it must stay silent for an hour of it. */
export interface SilentProof {
  readonly what: string;
  readonly fault: readonly Change[];
  readonly extra?: readonly SimulatedSeries[];
}
