/** Every selector of an expression with its surroundings, read with Prometheus' own grammar. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { readSelectorParts } from '../../src/verify/promql/selector.ts';

export interface FoundSelector {
  /** Without its range. */
  readonly text: string;
  readonly metric: string | null;
  /** As written: `instance=~"$instance"`. */
  readonly matchers: readonly string[];
  /** As written, e.g. `$__rate_interval`; null = none. */
  readonly range: string | null;
  /** The function that takes the range; null = none. */
  readonly rangeFunction: string | null;
}

/** Durations in the place of Grafana's spans, each recognisable. Variables inside quotes are PromQL as they are. */
const SPANS = { $__rate_interval: '7919s', $__range: '7927s', $__interval: '7933s' } as const;

export function withSpans(expr: string): string {
  return Object.entries(SPANS).reduce((text, [name, span]) => text.replaceAll(name, span), expr);
}

function withNames(text: string): string {
  return Object.entries(SPANS).reduce((all, [name, span]) => all.replaceAll(span, name), text);
}

/** `offset` and `@` stand between a range and its function. */
function callOf({ parent }: SyntaxNode): SyntaxNode | null {
  if (parent?.name === 'OffsetExpr' || parent?.name === 'StepInvariantExpr') return callOf(parent);
  return parent?.name === 'FunctionCallBody' ? parent.parent : null;
}

function readSelector(node: SyntaxNode, source: string): FoundSelector {
  const text = source.slice(node.from, node.to);
  const parts = readSelectorParts(text);
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : null;
  const call = matrix === null ? null : callOf(matrix);
  const name = call?.getChild('FunctionIdentifier') ?? null;
  return {
    text: withNames(text),
    metric: parts.metric,
    matchers: parts.matchers.map((matcher) => matcher.text),
    range: matrix === null ? null : withNames(source.slice(node.to, matrix.to).replace(/^\s*\[|\]$/g, '')),
    rangeFunction: name === null ? null : source.slice(name.from, name.to),
  };
}

/** In their order. Throws with the place for a text that is no PromQL. */
export function findSelectors(expr: string): readonly FoundSelector[] {
  const source = withSpans(expr);
  const found: FoundSelector[] = [];
  const cursor = parser.parse(source).cursor();
  do {
    if (cursor.type.isError) throw new Error(`no PromQL at character ${cursor.from + 1}: ${source}`);
    if (cursor.name === 'VectorSelector') found.push(readSelector(cursor.node, source));
  } while (cursor.next());
  return found;
}
