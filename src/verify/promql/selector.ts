/** A selector taken apart into its metric and its matchers, and put together again. */
import { parser } from '@prometheus-io/lezer-promql';

export interface SelectorParts {
  /** Null when the selector names none. */
  readonly metric: string | null;
  readonly matchers: readonly {
    readonly label: string;
    /** As written: `instance=~"a|b"`. */
    readonly text: string;
  }[];
}

/** Parts of one selector without range and offset, such as `parseExpression` gives. */
export function readSelectorParts(selector: string): SelectorParts {
  const node = parser.parse(selector).topNode.getChild('VectorSelector');
  const name = node?.getChild('Identifier') ?? null;
  const matchers = node?.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return {
    metric: name === null ? null : selector.slice(name.from, name.to),
    matchers: matchers.flatMap((matcher) => {
      const label = matcher.getChild('LabelName');
      if (label === null) return [];
      return [
        { label: selector.slice(label.from, label.to), text: selector.slice(matcher.from, matcher.to) },
      ];
    }),
  };
}

export function writeSelector({ metric, matchers }: SelectorParts): string {
  const texts = matchers.map(({ text }) => text);
  return `${metric ?? ''}${texts.length === 0 ? '' : `{${texts.join(', ')}}`}`;
}
