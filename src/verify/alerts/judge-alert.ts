/** The verdict about one alert and how it is put into words. Pure. */
import type { AlertDefinition } from '../../catalog/alerts/alert.ts';
import { type Expression, parseExpression, resolveRecords, selectorsOf } from '../promql/expression.ts';
import { explainMissing, type Seen, versionReason } from '../series/explain-missing.ts';
import { judgeExpression, type Verdict } from '../series/judge-expression.ts';
import type { RenderedRules } from '../series/rendered-rules.ts';
import { type Finding, fail, pass, skip } from '../verify-context.ts';

/** What stands in a result's detail for an alert that has nothing to watch, before the reason. */
export const SILENT_BY_DESIGN = 'silent by design';
export const LIVE = 'live';

/** A rendered alert with all it rests on; the rules of one name (servers with their own thresholds) make one. */
export interface JudgedAlert {
  readonly name: string;
  readonly family: string;
  readonly expressions: readonly Expression[];
}

export function collectAlerts({
  alerts,
  records,
}: Pick<RenderedRules, 'alerts' | 'records'>): readonly JudgedAlert[] {
  const byName = new Map<string, JudgedAlert>();
  for (const { name, family, expr } of alerts) {
    const expression = resolveRecords(parseExpression(expr), records);
    const earlier = byName.get(name)?.expressions ?? [];
    byName.set(name, { name, family, expressions: [...earlier, expression] });
  }
  return [...byName.values()];
}

/** `pg_up` of a selector that names no metric is null; those are judged by their text alone. */
export function metricsOf(alerts: readonly JudgedAlert[]): readonly string[] {
  return alerts.flatMap(({ expressions }) =>
    expressions.flatMap(selectorsOf).flatMap(({ metric }) => (metric === null ? [] : [metric])),
  );
}

const ORDER: readonly Verdict['kind'][] = ['dead', 'live', 'unseen', 'silent', 'inapplicable'];

export function judgeAlert(
  seen: Seen,
  { expressions }: JudgedAlert,
  known: {
    readonly definition: AlertDefinition | null;
    /** Selectors that have series. */
    readonly selectors: ReadonlySet<string>;
    /** Metrics that have series. */
    readonly metrics: ReadonlySet<string>;
  },
): Verdict {
  const { definition, selectors, metrics } = known;
  const versions = definition?.versions ?? { min: null, max: null };
  const wrongVersion = versionReason(versions, seen.majorVersions);
  if (wrongVersion !== null) return { kind: 'inapplicable', of: 'version', reason: wrongVersion };
  const use = {
    silentWhen: definition?.silentWhen ?? null,
    instead: 'name the alert under alerting.disabled',
  };
  const verdicts = expressions.map((expression) =>
    judgeExpression(expression, ({ metric, text }) =>
      selectors.has(text)
        ? { kind: 'live' }
        : explainMissing(seen, use, {
            metric: metric ?? text,
            text,
            hasMetric: metric !== null && metrics.has(metric),
          }),
    ),
  );
  const ranked = ORDER.flatMap((kind) => verdicts.filter((verdict) => verdict.kind === kind));
  return ranked[0] ?? { kind: 'live' };
}

export function toFinding({ name, family }: Pick<JudgedAlert, 'name' | 'family'>, verdict: Verdict): Finding {
  const subject = `${family}/${name}`;
  switch (verdict.kind) {
    case 'live':
      return pass(subject, LIVE);
    case 'silent':
    case 'inapplicable':
      return pass(subject, `${SILENT_BY_DESIGN}: ${verdict.reason}`);
    case 'unseen':
      return skip(subject, `not judged: ${verdict.reason}`);
    case 'dead':
      return fail(subject, `dead: ${verdict.detail}`, verdict.hint);
  }
}
