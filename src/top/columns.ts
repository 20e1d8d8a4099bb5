/** Room for the columns of a list, and for the lists of a screen. Pure. */

/** Between two columns. */
export const GAP = 2;

/** Narrower than this, a text says little. */
const NARROWEST = 10;

interface ColumnWant {
  readonly width: number;
  readonly isFixed: boolean;
}

/** The widths with the excess taken off, the widest first; null when columns would get too narrow. */
function shrink(columns: readonly ColumnWant[], total: number): readonly number[] | null {
  const widths = columns.map(({ width }) => width);
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1) - total;
  for (; excess > 0; excess -= 1) {
    const shrinkable = columns.flatMap(({ isFixed }, index) =>
      isFixed || (widths[index] ?? 0) <= NARROWEST ? [] : [index],
    );
    const widest = shrinkable.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) return null;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/**
 * Widths of as many columns as fit into `total` with a gap between each two, at least one. Texts give way first, the widest
 * before others; then the last columns go. Numbers and ids (`isFixed`) are never cut, as one without its end is a lie.
 */
export function fitColumns(columns: readonly ColumnWant[], total: number): readonly number[] {
  for (let count = columns.length; count > 1; count -= 1) {
    const widths = shrink(columns.slice(0, count), total);
    if (widths !== null) return widths;
  }
  return columns.slice(0, 1).map(({ width }) => Math.min(width, total));
}

/** Who gets how many of `room` rows: each one first, then in turns, until all have what they want or nothing is left. */
export function shareRows(wanted: readonly number[], room: number): readonly number[] {
  const given = wanted.map(() => 0);
  let left = Math.max(0, room);
  while (left > 0 && given.some((rows, index) => rows < (wanted[index] ?? 0))) {
    for (const [index, want] of wanted.entries()) {
      const has = given[index] ?? 0;
      if (left === 0 || has >= want) continue;
      given[index] = has + 1;
      left -= 1;
    }
  }
  return given;
}
