/** What a PromQL expression rests on, read with Prometheus' own grammar: which selectors must have series for a result to be possible. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export type Expression =
  /** A selector without its range and offset. `metric` is null when it names none (`{__name__=~"x.*"}`). */
  | { readonly kind: 'selector'; readonly metric: string | null; readonly text: string }
  /** Needs every part; without parts it needs nothing. */
  | { readonly kind: 'all'; readonly parts: readonly Expression[] }
  /** `a or b`: needs one part. */
  | { readonly kind: 'any'; readonly parts: readonly Expression[] };

/** Their result is there because, or even if, the series are not. */
const NEED_NOTHING = new Set(['absent', 'absent_over_time']);

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** Parts without a selector are dropped, and what has one part only is that part. */
function all(parts: readonly Expression[]): Expression {
  const needed = parts.filter((part) => part.kind !== 'all' || part.parts.length > 0);
  const [only] = needed;
  return needed.length === 1 && only !== undefined ? only : { kind: 'all', parts: needed };
}

function readSelector(node: SyntaxNode, source: string): Expression {
  const name = node.getChild('Identifier');
  const text = source.slice(node.from, node.to);
  return { kind: 'selector', metric: name === null ? null : source.slice(name.from, name.to), text };
}

function readBinary(node: SyntaxNode, source: string): Expression {
  const children = childrenOf(node);
  const sides = [children.at(0), children.at(-1)].flatMap((side) =>
    side === undefined ? [] : [readNode(side, source)],
  );
  const [left] = sides;
  if (node.getChild('Or') !== null) return { kind: 'any', parts: sides };
  // What stands after `unless` only takes away.
  if (node.getChild('Unless') !== null && left !== undefined) return left;
  return all(sides);
}

function readNode(node: SyntaxNode, source: string): Expression {
  switch (node.name) {
    case 'VectorSelector':
      return readSelector(node, source);
    case 'BinaryExpr':
      return readBinary(node, source);
    case 'FunctionCall': {
      const name = node.getChild('FunctionIdentifier');
      if (name !== null && NEED_NOTHING.has(source.slice(name.from, name.to)))
        return { kind: 'all', parts: [] };
      return all(childrenOf(node).map((child) => readNode(child, source)));
    }
    default:
      return all(childrenOf(node).map((child) => readNode(child, source)));
  }
}

/** Throws with the place when the text is no PromQL. */
export function parseExpression(source: string): Expression {
  const tree = parser.parse(source);
  const cursor = tree.cursor();
  do {
    if (cursor.type.isError) throw new Error(`no PromQL at character ${cursor.from + 1}: ${source}`);
  } while (cursor.next());
  return readNode(tree.topNode, source);
}

/** True when a result may be there because series are not: with `absent()`, with `unless`, or without any selector. Throws like `parseExpression`. */
export function restsOnAbsence(source: string): boolean {
  if (selectorsOf(parseExpression(source)).length === 0) return true;
  const cursor = parser.parse(source).cursor();
  do {
    const text = source.slice(cursor.from, cursor.to);
    if (cursor.name === 'Unless' || (cursor.name === 'FunctionIdentifier' && NEED_NOTHING.has(text)))
      return true;
  } while (cursor.next());
  return false;
}

/** Every selector of an expression, in its order. */
export function selectorsOf(
  expression: Expression,
): readonly Extract<Expression, { readonly kind: 'selector' }>[] {
  return expression.kind === 'selector' ? [expression] : expression.parts.flatMap(selectorsOf);
}

/** The expression with every recording rule's name replaced by what the rule rests on; `records` holds expressions by name. */
export function resolveRecords(
  expression: Expression,
  records: ReadonlyMap<string, readonly Expression[]>,
  seen: readonly string[] = [],
): Expression {
  if (expression.kind !== 'selector') {
    const parts = expression.parts.map((part) => resolveRecords(part, records, seen));
    return expression.kind === 'all' ? all(parts) : { kind: 'any', parts };
  }
  const { metric } = expression;
  const rules = metric === null || seen.includes(metric) ? undefined : records.get(metric);
  if (metric === null || rules === undefined) return expression;
  const parts = rules.map((rule) => resolveRecords(rule, records, [...seen, metric]));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'any', parts };
}
