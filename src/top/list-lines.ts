/** Lists and tallies as lines. Pure. */
import { widthOf } from '../output/text-width.ts';
import { fitColumns, GAP } from './columns.ts';
import { clean, column, cutLine, type Line, type Piece, piece, spread, toneOf, widthOfLine } from './line.ts';
import type { List, Tally } from './view.ts';

/** The widest heading of figures, lists and tallies, and the gap behind it. */
export const NAME_WIDTH = 20;

/** Enough to know which it is. */
const NARROWEST_NAME = 9;

/** Rows that a list needs to be shown whole. */
export function rowsOf({ rows }: List): number {
  return rows.length === 0 ? 1 : rows.length + 1;
}

/** The list without columns that say nothing in any row; the first stays. */
function withoutEmptyColumns(list: List): List {
  const kept = list.columns.flatMap((_, index) =>
    index === 0 || list.rows.some(({ cells }) => (cells[index]?.text ?? '') !== '') ? [index] : [],
  );
  const pick = <T>(all: readonly T[]): readonly T[] => kept.flatMap((index) => all.slice(index, index + 1));
  const rows = list.rows.map((row) => ({ ...row, cells: pick(row.cells) }));
  return { ...list, columns: pick(list.columns), rows };
}

function columnWidths({ columns, rows }: List, width: number): readonly number[] {
  const wanted = columns.map(({ header, isWhole }, index) => ({
    width: Math.max(widthOf(header), ...rows.map(({ cells }) => widthOf(clean(cells[index]?.text ?? '')))),
    isFixed: isWhole,
  }));
  return fitColumns(wanted, width);
}

/** Texts of one line in their columns. */
function rowLine(list: List, widths: readonly number[], cellAt: (index: number) => Piece): Line {
  return widths.flatMap((width, index) => {
    const { text, tone } = cellAt(index);
    const align = list.columns[index]?.isNumber === true ? 'right' : 'left';
    return [...(index === 0 ? [] : [piece(' '.repeat(GAP))]), column(text, width, { tone, align })];
  });
}

/** The name before a text: narrower where both do not fit, as the text says more. */
function nameFor(name: string, text: string, width: number): Piece {
  const room = Math.min(NAME_WIDTH, Math.max(NARROWEST_NAME, width - widthOf(clean(text))));
  // Its last column parts it from the text.
  return piece(`${column(name, room - 1).text} `, 'heading');
}

/** A heading and as many rows as there is room for; one line that says why when there is nothing. */
export function listLines(whole: List, height: number, width: number): readonly Line[] {
  if (height <= 0) return [];
  if (whole.rows.length === 0) {
    const reason = whole.reason ?? '';
    return [cutLine([nameFor(whole.name, reason, width), piece(reason, 'faint')], width)];
  }
  const list = withoutEmptyColumns({ ...whole, rows: whole.rows.slice(0, height - 1) });
  const widths = columnWidths(list, width);
  const heading = rowLine(list, widths, (index) => ({
    text: list.columns[index]?.header ?? '',
    tone: 'heading',
  }));
  const isCut = list.rows.length < whole.rows.length;
  const count = isCut ? [piece(`${list.rows.length} of ${whole.rows.length}`, 'faint')] : [];
  const lines = list.rows.map(({ cells }) =>
    rowLine(list, widths, (index) => {
      const { text, level } = cells[index] ?? { text: '', level: 'neutral' };
      return { text, tone: toneOf(level) };
    }),
  );
  return [spread(heading, count, width), ...lines.map((line) => cutLine(line, width))];
}

/** One line: the name, then each part with its number; parts that do not fit whole are left out. */
export function tallyLine(tally: Tally, width: number): Line {
  const parts = tally.parts.map(({ name, text }, index) => [
    piece(`${index === 0 ? '' : '   '}${name} `),
    piece(text, 'heading'),
  ]);
  const first = tally.reason ?? (parts[0] ?? []).map(({ text }) => text).join('');
  const name = nameFor(tally.name, first, width);
  if (tally.reason !== null) return cutLine([name, piece(tally.reason, 'faint')], width);
  const line: Piece[] = [name];
  for (const part of parts) {
    if (widthOfLine([...line, ...part]) > width) break;
    line.push(...part);
  }
  return cutLine(line, width);
}
