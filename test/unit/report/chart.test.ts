/** From series to drawn lines: gaps, thinning, stacks, scales and what the SVG holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highIsBad, lowIsBad } from '../../../src/catalog/dashboards/thresholds.ts';
import { chartLines, isAllZero, MAX_LINES, thinned } from '../../../src/report/chart-lines.ts';
import { drawChart } from '../../../src/report/draw-chart.ts';
import { lineChart } from '../../../src/report/line-chart.ts';
import { niceScale } from '../../../src/report/nice-scale.ts';
import { barChart, stateChart } from '../../../src/report/row-charts.ts';
import { stateSpans } from '../../../src/report/state-spans.ts';
import { dataOf, END, linePanel, points, SPAN } from './fixtures.ts';

const SIZE = { width: 470, height: 180 };
const valuesOf = (line: { points: readonly (readonly [number, number | null])[] } | undefined) =>
  line?.points.map(([, value]) => value);

describe('lines', () => {
  it('have a gap where points are missing', () => {
    const { lines } = chartLines(dataOf(linePanel(), { app: [1, 2, null, null, 3, 4] }));
    expect(valuesOf(lines[0])).toEqual([1, 2, null, 3, 4]);
  });

  it('are the greatest ones when there are too many, and the rest is counted', () => {
    const series = Object.fromEntries(
      Array.from({ length: MAX_LINES + 3 }, (_, i) => [`db${i}`, [i, i + 1]]),
    );
    const { lines, leftOut } = chartLines(dataOf(linePanel(), series));
    expect(lines.map(({ name }) => name)).toEqual(Array.from({ length: MAX_LINES }, (_, i) => `db${i + 3}`));
    expect(leftOut).toBe(3);
  });

  it('have no last value when they ended before the others', () => {
    const { lines } = chartLines(dataOf(linePanel(), { a: [1, 1, 1, 1], b: [2, 2, null, null] }));
    expect(lines.map(({ last }) => last)).toEqual([1, null]);
  });

  it('stand on 0 in a stack where only others have a value, and on nothing where none has', () => {
    const panel = linePanel({ isStacked: true });
    const { lines } = chartLines(dataOf(panel, { a: [1, 2, null, null, 5], b: [1, null, null, null, 5] }));
    expect(lines.map(valuesOf)).toEqual([
      [1, 2, null, 5],
      [1, 0, null, 5],
    ]);
  });

  it('keep their shape when points are left out', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, null), { minLength: 1, maxLength: 30 }), (values) => {
        const all = values.map((value, i) => [i, value] as const);
        const few = thinned(all);
        const at = (ms: number) => {
          const before = few.filter(([x]) => x <= ms).at(-1);
          return before?.[1];
        };
        expect(all.map(([ms]) => at(ms))).toEqual(values);
        expect(few.at(0)).toEqual(all.at(0));
        expect(few.at(-1)).toEqual(all.at(-1));
      }),
    );
  });

  it('are thinned where they are flat', () => {
    expect(thinned(points(Array(50).fill(7)).map(({ seconds, value }) => [seconds, value]))).toHaveLength(2);
  });

  it('that are 0 all the time need no chart', () => {
    expect(isAllZero(dataOf(linePanel(), { a: [0, 0], b: [0] }))).toBe(true);
    expect(isAllZero(dataOf(linePanel(), { a: [0, 0], b: [0, 1] }))).toBe(false);
  });
});

describe('the scale', () => {
  it.each([
    [0, 0, 'none', [0, 1, 1]],
    [0, 7, 'none', [0, 8, 2]],
    [0, 0.97, 'percentunit', [0, 1, 0.25]],
    [0, 3 * 1024 ** 3, 'bytes', [0, 3 * 1024 ** 3, 1024 ** 3]],
    [0, 7000, 's', [0, 7200, 1800]],
    [-3, 5, 'none', [-4, 6, 2]],
  ] as const)('from %d to %d %s has round figures', (least, greatest, unit, [min, max, step]) => {
    expect(niceScale(least, greatest, { unit, ...(unit === 'percentunit' && { max: 1 }) })).toEqual({
      min,
      max,
      step,
    });
  });

  it('always holds every value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (a, b) => {
          for (const unit of ['none', 'bytes', 's', 'percentunit'] as const) {
            const { min, max, step } = niceScale(Math.min(a, b), Math.max(a, b), { unit });
            expect(min).toBeLessThanOrEqual(Math.min(a, b) + 1e-9);
            expect(max * (1 + 1e-9)).toBeGreaterThanOrEqual(Math.max(a, b));
            expect(step).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('a drawn chart', () => {
  const draw = (series: Parameters<typeof dataOf>[1], more: Parameters<typeof linePanel>[0] = {}) => {
    const panel = linePanel(more);
    return drawChart(
      lineChart(panel, chartLines(dataOf(panel, series)).lines, SPAN),
      SIZE,
      'A "chart" of <b>',
    );
  };

  it('has a path for each line in its own colour, and a dot for a point alone', () => {
    const svg = draw({ a: [1, 2, 3], b: [3, 2, 1], c: [null, null, 9] });
    expect(svg).toMatch(/<path d="M[\d. ]+L[^"]+"[^>]*stroke="#0072b2"/);
    expect(svg).toMatch(/<path d="M[\d. ]+L[^"]+"[^>]*stroke="#d55e00"/);
    expect(svg).toMatch(/fill="#009e73"/);
  });

  it('says what it is to those who cannot see it, escaped', () => {
    expect(draw({ a: [1, 2] })).toMatch(
      /^<svg class="chart" role="img" aria-label="A &quot;chart&quot; of &lt;b&gt;"/,
    );
  });

  it('has no script, style sheet, class or address of its own', () => {
    expect(draw({ a: [1, 2] })).not.toMatch(/<style|<script|zr\d+-cls|ecmeta|href=/);
  });

  it.each([
    ['high', highIsBad(0.5, 0.8)],
    ['low', lowIsBad(0.5, 0.8)],
  ])('names both thresholds when %s values are bad', (_, thresholds) => {
    const svg = draw({ a: [0.9, 0.4] }, { thresholds, max: 1 });
    expect(svg.match(/>(warning|critical)</g)?.sort()).toEqual(['>critical<', '>warning<']);
  });

  it('draws a threshold without its word where there is no room for it', () => {
    const svg = draw({ a: [900, 4] }, { unit: 'none', thresholds: highIsBad(1, 20) });
    expect(svg.match(/>(warning|critical)</g)).toEqual(['>critical<']);
    expect(svg.match(/stroke-dasharray="4,2"/g)).toHaveLength(2);
  });

  it('leaves thresholds far above the values out of the picture', () => {
    expect(draw({ a: [1, 2] }, { unit: 'none', thresholds: highIsBad(1000, 2000) })).not.toContain(
      'critical',
    );
  });

  it('escapes names of bars and of states', () => {
    const bad = '<img src=x onerror="a">';
    const bars = drawChart(barChart({ unit: 'none' }, [{ name: bad, value: 3 }]), SIZE, 'bars');
    const spans = stateSpans(points([1, 1, 0]), 60);
    const states = drawChart(
      stateChart({ words: { 0: 'down', 1: 'up' } }, [{ name: bad, spans }], SPAN),
      SIZE,
      'states',
    );
    for (const svg of [bars, states]) {
      expect(svg).not.toContain('<img');
      expect(svg).toContain('&lt;img');
    }
    expect(states.match(/fill="#(0072b2|d55e00)"/g)).toHaveLength(2);
  });
});

describe('stretches of states', () => {
  it('join equal values side by side, not over a gap', () => {
    expect(stateSpans(points([1, 1, 0, null, 0]), 60)).toEqual([
      { startMs: (END - 240) * 1000, endMs: (END - 120) * 1000, state: '1' },
      { startMs: (END - 120) * 1000, endMs: (END - 60) * 1000, state: '0' },
      { startMs: END * 1000, endMs: (END + 60) * 1000, state: '0' },
    ]);
  });
});
