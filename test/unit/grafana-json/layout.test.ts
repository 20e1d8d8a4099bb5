import { describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../../../src/catalog/dashboards/all-dashboards.ts';
import { GRID_COLUMNS, type Place, placePanels } from '../../../src/grafana-json/layout.ts';
import { readDashboards } from '../../support/dashboard-files.ts';

/** About a screen and a half. */
const MAX_HEIGHT = 42;

interface Named extends Place {
  readonly title: string;
}

const overlaps = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function pairs<T>(all: readonly T[]): readonly (readonly [T, T])[] {
  return all.flatMap((one, i) => all.slice(i + 1).map((other) => [one, other] as const));
}

/** Cells of the grid, down to the lowest panel, that no panel covers. */
function holes(places: readonly Named[]): readonly string[] {
  const height = Math.max(0, ...places.map(({ y, h }) => y + h));
  const cells = Array.from({ length: height * GRID_COLUMNS }, (_, i) => ({
    x: i % GRID_COLUMNS,
    y: Math.floor(i / GRID_COLUMNS),
    w: 1,
    h: 1,
  }));
  return cells
    .filter((cell) => !places.some((place) => overlaps(place, cell)))
    .map(({ x, y }) => `${x},${y}`);
}

describe.each(readDashboards())('the layout of $title', ({ panels }) => {
  const places = panels.map(({ title, gridPos }) => ({ title, ...gridPos }));

  it('has panels, each inside the 24 columns', () => {
    expect(places.length).toBeGreaterThan(0);
    const outside = places.filter(
      ({ x, y, w, h }) => x < 0 || y < 0 || w < 1 || h < 1 || x + w > GRID_COLUMNS,
    );
    expect(outside).toEqual([]);
  });

  it('has no two panels in one place', () => {
    const clashes = pairs(places).filter(([a, b]) => overlaps(a, b));
    expect(clashes.map(([a, b]) => `${a.title} / ${b.title}`)).toEqual([]);
  });

  it('has no gap', () => {
    expect(holes(places)).toEqual([]);
  });

  it('is about a screen and a half high', () => {
    expect(Math.max(0, ...places.map(({ y, h }) => y + h))).toBeLessThanOrEqual(MAX_HEIGHT);
  });
});

describe('placePanels', () => {
  it('begins a line where a panel does not fit, below the highest of the line before', () => {
    const [first] = DASHBOARDS.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels));
    if (first === undefined) throw new Error('there is no panel');
    const sized = (width: number, height: number) => ({ ...first, width, height });
    const rows = [{ title: 'a', panels: [sized(16, 4), sized(8, 4), sized(24, 8)] }];
    const [row, second] = placePanels([...rows, { title: 'b', panels: [] }]);
    expect(row?.panels.map(({ place }) => place)).toEqual([
      { x: 0, y: 1, w: 16, h: 4 },
      { x: 16, y: 1, w: 8, h: 4 },
      { x: 0, y: 5, w: 24, h: 8 },
    ]);
    expect(second?.place).toEqual({ x: 0, y: 13, w: 24, h: 1 });
  });
});
