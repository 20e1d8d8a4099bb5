/** The shape of promtool's unit test files, as far as pgmon writes them, and how times and samples stand there. */

export interface PromtoolSeries {
  readonly series: string;
  readonly values: string;
}

export interface AlertCheck {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

export interface ExpressionCheck {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

export interface PromtoolCase {
  readonly name: string;
  /** Time between samples. */
  readonly interval: string;
  readonly input_series: readonly PromtoolSeries[];
  readonly alert_rule_test?: readonly AlertCheck[];
  readonly promql_expr_test?: readonly ExpressionCheck[];
}

export interface PromtoolFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  /** Recording rules first: promtool's own order is random. */
  readonly group_eval_order: readonly string[];
  readonly tests: readonly PromtoolCase[];
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** Whole seconds as a Prometheus duration: `1h30m`, `0s`. */
export function promDuration(seconds: number): string {
  let rest = seconds;
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') || '0s';
}

/** `metric{a="b"}`, labels in order of their names. */
export function seriesName(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${metric}{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
}
