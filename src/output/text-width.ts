/** Text in the columns of a terminal, where a Chinese character takes two and a combining accent none. */
import stringWidth from 'string-width';

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const CUT = '…';

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The longest beginning that takes no more than `width` columns; a text that is cut ends in `mark`. */
export function cutToWidth(text: string, width: number, mark = CUT): string {
  if (stringWidth(text) <= width) return text;
  const room = width - stringWidth(mark);
  if (room < 0) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    used += stringWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return kept + mark;
}

/** Exactly `width` columns: cut, or filled with spaces behind (`left`) or before (`right`). */
export function fitToWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutToWidth(text, width);
  const fill = ' '.repeat(Math.max(0, width - stringWidth(cut)));
  return align === 'left' ? cut + fill : fill + cut;
}
