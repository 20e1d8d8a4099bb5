/** Whether an expression can give a result, from what is known about each of its selectors. Pure. */
import type { Expression } from '../promql/expression.ts';

export type Verdict =
  | { readonly kind: 'live' }
  /** No series, and that is as it should be. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** Of another version than what runs here, or of a part that the stack goes without. */
  | { readonly kind: 'inapplicable'; readonly of: 'version' | 'part'; readonly reason: string }
  /** What would give the series is down; another hop says so. */
  | { readonly kind: 'unseen'; readonly reason: string }
  | {
      readonly kind: 'dead';
      /** Nothing gives the metric, its collector is off, it does not come, or no series of it fits. */
      readonly cause: 'unknown' | 'collector' | 'absent' | 'unmatched';
      readonly detail: string;
      readonly hint: string;
    };

const LIVE: Verdict = { kind: 'live' };

/** The first verdict of the first of these kinds that there is. */
function first(verdicts: readonly Verdict[], kinds: readonly Verdict['kind'][]): Verdict {
  const ranked = kinds.flatMap((kind) => verdicts.filter((verdict) => verdict.kind === kind));
  return ranked[0] ?? LIVE;
}

/** True when nothing of it comes from a series: `vector(0)`. */
function isConstant(expression: Expression): boolean {
  return expression.kind !== 'selector' && expression.parts.every(isConstant);
}

/** One side of an `or` is enough; but a constant does not make up for a side that has no way of ever having series. */
function judgeAny(parts: readonly Expression[], judgeSelector: JudgeSelector): Verdict {
  const verdicts = parts
    .filter((part) => !isConstant(part))
    .map((part) => judgeExpression(part, judgeSelector));
  const best = first(verdicts, ['live', 'dead', 'unseen', 'silent', 'inapplicable']);
  const isBacked = parts.some(isConstant) && (best.kind === 'silent' || best.kind === 'inapplicable');
  return isBacked ? LIVE : best;
}

export type JudgeSelector = (selector: Extract<Expression, { readonly kind: 'selector' }>) => Verdict;

export function judgeExpression(expression: Expression, judgeSelector: JudgeSelector): Verdict {
  switch (expression.kind) {
    case 'selector':
      return judgeSelector(expression);
    case 'any':
      return judgeAny(expression.parts, judgeSelector);
    case 'all': {
      const verdicts = expression.parts.map((part) => judgeExpression(part, judgeSelector));
      return first(verdicts, ['dead', 'unseen', 'silent', 'inapplicable', 'live']);
    }
  }
}
