/** Tables for people: plain columns, no frame, so that they can be read, piped and cut. */
import Table from 'cli-table3';
import { printable } from './printable.ts';

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

export interface Column {
  readonly title: string;
  /** Colour for a cell; it sees the cell's text. */
  readonly paint?: (text: string) => string;
}

export interface TableOptions {
  /** Longest line; the last column is cut to fit. Null = as wide as it needs (pipes, files). */
  readonly width: number | null;
}

/** A heading line and one line per row, ending in a line break. Control characters in cells are made visible. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  const clean = rows.map((row) => row.map((cell) => printable(cell).replaceAll(/\s+/g, ' ')));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...clean.map((row) => (row[index] ?? '').length)),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = options.width === null ? Number.POSITIVE_INFINITY : Math.max(20, options.width - before);
  const cut = (text: string) => (text.length > last ? `${text.slice(0, last - 1)}…` : text);
  const table = new Table({
    head: columns.map(({ title }) => title),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of clean) {
    table.push(
      columns.map(({ paint = (text) => text }, index) => {
        const cell = row[index] ?? '';
        return paint(index === columns.length - 1 ? cut(cell) : cell);
      }),
    );
  }
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}
