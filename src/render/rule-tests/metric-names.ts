/** Which series an expression reads, directly and through recording rules. Works on words, which is enough for the catalogue. */
import type { RuleGroupView } from '../rules.ts';

type Recordings = RuleGroupView['recordings'];

/** Every word of the expression outside its strings: metric names, but also functions and labels. */
function wordsOf(expr: string): ReadonlySet<string> {
  const bare = expr.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return new Set(bare.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []);
}

/** Regular expressions of `{__name__=~"…"}`. */
function namePatterns(expr: string): readonly RegExp[] {
  return [...expr.matchAll(/__name__\s*=~?\s*"((?:[^"\\]|\\.)*)"/g)].map(
    ([, pattern = '']) => new RegExp(`^(?:${pattern.replaceAll('\\\\', '\\')})$`),
  );
}

/** Says of a metric name whether these expressions read it. */
export function readsMetric(exprs: readonly string[]): (metric: string) => boolean {
  const words = new Set(exprs.flatMap((expr) => [...wordsOf(expr)]));
  const patterns = exprs.flatMap(namePatterns);
  return (metric) => words.has(metric) || patterns.some((pattern) => pattern.test(metric));
}

/** The recording rules that these expressions need, those behind them included, in their own order. */
export function neededRecordings(exprs: readonly string[], all: Recordings): Recordings {
  let needed: Recordings = [];
  for (;;) {
    const reads = readsMetric([...exprs, ...needed.map(({ expr }) => expr)]);
    const more = all.filter(({ record }) => reads(record));
    if (more.length === needed.length) return more;
    needed = more;
  }
}
