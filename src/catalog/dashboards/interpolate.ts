/** Puts values in the place of Grafana's variables, as Grafana's Prometheus data source does. Pure. */
import type { Variable } from './variables.ts';

export interface VariableValues {
  /** By variable name; null = "All", which matches everything. */
  readonly chosen: Readonly<Partial<Record<Variable['name'], readonly string[] | null>>>;
  readonly rangeSeconds: number;
  /** Between two points of a chart. */
  readonly stepSeconds: number;
  /** Between two samples: the query's `everySeconds`, else the stack's scrape interval. */
  readonly scrapeIntervalSeconds: number;
}

/** Every variable at "All". The compiler sees to it that none is missing. */
export const ALL_VARIABLES = {
  environment: null,
  instance: null,
  database: null,
  host: null,
  queryid: null,
} as const satisfies Record<Variable['name'], null>;

/** A value inside a double-quoted PromQL regular expression. */
function escapeForRegex(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\\\$&').replace(/"/g, '\\"');
}

function regexOf(values: readonly string[] | null): string {
  if (values === null) return '.*';
  const escaped = values.map(escapeForRegex);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

/** `$__rate_interval` as Grafana reckons it: at least four samples, and at least a step and a sample. */
export function rateIntervalSeconds({ stepSeconds, scrapeIntervalSeconds }: VariableValues): number {
  return Math.max(stepSeconds + scrapeIntervalSeconds, 4 * scrapeIntervalSeconds);
}

/** Throws for a variable that has no value: a query must never be sent with `$name` in it. */
export function interpolate(text: string, values: VariableValues): string {
  const seconds: Readonly<Record<string, string>> = {
    __rate_interval: `${rateIntervalSeconds(values)}s`,
    __interval: `${values.stepSeconds}s`,
    __range: `${values.rangeSeconds}s`,
  };
  // `$1` belongs to label_replace.
  return text.replace(/\$(?:\{([a-z_]\w*)\}|([a-z_]\w*))/gi, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const span = seconds[name];
    if (span !== undefined) return span;
    const chosen = values.chosen[name as Variable['name']];
    if (chosen === undefined) throw new Error(`${whole} has no value in: ${text}`);
    return regexOf(chosen);
  });
}
