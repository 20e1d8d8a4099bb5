/** The labels that a PromQL expression groups or matches by, each with the selectors that must carry it. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface LabelUse {
  readonly label: string;
  /** One of them must have the label; empty = it is put there by `label_replace`. */
  readonly selectors: readonly string[];
}

interface Walk {
  readonly source: string;
  readonly uses: LabelUse[];
}

function each(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const cursor = node.cursor();
  const end = node.to;
  do {
    if (cursor.from >= end && cursor.name !== name) continue;
    if (cursor.name === name && cursor.from >= node.from && cursor.to <= end) found.push(cursor.node);
  } while (cursor.next() && cursor.from < end);
  return found;
}

const text = ({ source }: Walk, node: SyntaxNode) => source.slice(node.from, node.to);

function made(walk: Walk, node: SyntaxNode): readonly string[] {
  return each(node, 'FunctionCall').flatMap((call) => {
    const match = /^label_replace\(.*,\s*"(\w+)"\s*,\s*"[^"]*"\s*,\s*"\w*"\s*,\s*"[^"]*"\s*\)$/s.exec(
      text(walk, call),
    );
    return match?.[1] === undefined ? [] : [match[1]];
  });
}

function note(walk: Walk, labels: SyntaxNode, sides: readonly SyntaxNode[]): void {
  for (const label of each(labels, 'LabelName').map((node) => text(walk, node))) {
    for (const side of sides) {
      const isMade = made(walk, side).includes(label);
      const selectors = isMade ? [] : each(side, 'VectorSelector').map((node) => text(walk, node));
      if (isMade || selectors.length > 0) walk.uses.push({ label, selectors });
    }
  }
}

/** `without` and `ignoring` need no label and are left out. */
export function labelUses(source: string): readonly LabelUse[] {
  const walk: Walk = { source, uses: [] };
  const top = parser.parse(source).topNode;
  for (const aggregate of each(top, 'AggregateExpr')) {
    const modifier = aggregate.getChild('AggregateModifier');
    const body = aggregate.getChild('FunctionCallBody');
    if (modifier === null || body === null || modifier.getChild('By') === null) continue;
    note(walk, modifier, [body]);
  }
  for (const binary of each(top, 'BinaryExpr')) {
    const clause = binary.getChild('MatchingModifierClause');
    const [left, right] = [binary.firstChild, binary.lastChild];
    if (clause === null || left === null || right === null) continue;
    const [on, group] = clause.getChildren('GroupingLabels');
    if (clause.getChild('On') !== null && on !== undefined) note(walk, on, [left, right]);
    if (group !== undefined) note(walk, group, [clause.getChild('GroupRight') === null ? right : left]);
  }
  return walk.uses;
}
