/** A line of the screen as pieces of text, each with what it means; how that looks is the painter's business. */
import type { Level } from '../catalog/dashboards/thresholds.ts';
import { printable } from '../output/printable.ts';
import { cutToWidth, fitToWidth, widthOf } from '../output/text-width.ts';

export type Tone = 'plain' | 'heading' | 'faint' | 'good' | 'warning' | 'critical';

export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Piece[];

const TONES: Readonly<Record<Level, Tone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'critical',
  neutral: 'plain',
};

export function toneOf(level: Level): Tone {
  return TONES[level];
}

/** Text from outside on one line: nothing in it steers the terminal or turns the direction of writing. */
export function clean(text: string): string {
  return printable(text.replaceAll(/[^\S ]+/g, ' ')).replaceAll(/\p{Bidi_Control}/gu, '?');
}

export function piece(text: string, tone: Tone = 'plain'): Piece {
  return { text: clean(text), tone };
}

/** A piece of exactly `width` columns. */
export function column(
  text: string,
  width: number,
  { tone = 'plain', align = 'left' }: ColumnLook = {},
): Piece {
  return { text: fitToWidth(clean(text), width, align), tone };
}

interface ColumnLook {
  readonly tone?: Tone;
  readonly align?: 'left' | 'right';
}

export function widthOfLine(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** The line as what was once, and may be no more. */
export function faded(line: Line): Line {
  return line.map(({ text }) => ({ text, tone: 'faint' }));
}

/** The line without what does not fit. */
export function cutLine(line: Line, width: number): Line {
  let room = width;
  const kept: Piece[] = [];
  for (const each of line) {
    const text = cutToWidth(each.text, room);
    kept.push({ ...each, text });
    room -= widthOf(text);
    if (text !== each.text || room <= 0) break;
  }
  return kept;
}

/** `left` at the left edge, `right` at the right one; where both do not fit, `left` gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  if (right.length === 0) return cutLine(left, width);
  const room = width - widthOfLine(right) - 1;
  if (room < 1) return cutLine(left, width);
  const start = cutLine(left, room);
  return [...start, piece(' '.repeat(width - widthOfLine(start) - widthOfLine(right))), ...right];
}

/** As many parts as fit into one line, but always the first; no line where there are no parts. */
export function footLines(parts: readonly string[], width: number): readonly Line[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  let text = first;
  for (const part of rest) {
    const longer = `${text}   ${part}`;
    if (widthOf(longer) > width) break;
    text = longer;
  }
  return [cutLine([piece(text, 'faint')], width)];
}
