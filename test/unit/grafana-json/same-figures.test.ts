/** A figure that several dashboards show is the same everywhere, and a chart keeps its lines from one point to the next. */
import { describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../../../src/catalog/dashboards/all-dashboards.ts';
import type { Panel } from '../../../src/catalog/dashboards/panel.ts';
import { isOverTime } from '../../../src/panels/load-panel.ts';

const PANELS = DASHBOARDS.flatMap(({ slug, rows }) =>
  rows.flatMap(({ panels }) => panels.map((panel) => ({ name: `${slug}/${panel.id}`, panel }))),
);

/** What must be the same, with the panels that have each, where there is more than one. */
function differing(
  keyOf: (panel: Panel) => string,
  looksOf: (panel: Panel) => unknown,
): readonly (readonly string[])[] {
  const keys = new Set(PANELS.map(({ panel }) => keyOf(panel)));
  return [...keys]
    .map((key) => PANELS.filter(({ panel }) => keyOf(panel) === key))
    .filter((same) => new Set(same.map(({ panel }) => JSON.stringify(looksOf(panel)))).size > 1)
    .map((same) => same.map(({ name }) => name));
}

describe('a figure on several dashboards', () => {
  it('has one unit and one set of limits where it has one title', () => {
    expect(
      differing(
        ({ title }) => title,
        ({ unit, thresholds }) => [unit, thresholds],
      ),
    ).toEqual([]);
  });

  it('has one title, one unit and one set of limits where one kind of panel asks the same', () => {
    expect(
      differing(
        ({ kind, queries }) => JSON.stringify([kind, queries.map(({ expr }) => expr)]),
        ({ title, unit, thresholds }) => [title, unit, thresholds],
      ),
    ).toEqual([]);
  });

  it('has its unit in the words that all titles use', () => {
    const others = /\((seconds|duration|per s|[a-z]+ per s|bytes per second)\)$/;
    expect(PANELS.filter(({ panel }) => others.test(panel.title)).map(({ name }) => name)).toEqual([]);
  });
});

describe('a chart of the first few', () => {
  const charts = PANELS.filter(({ panel }) => isOverTime(panel)).flatMap(({ name, panel }) =>
    panel.queries.filter(({ expr }) => expr.includes('topk')).map(({ expr }) => ({ name, expr })),
  );

  it('chooses them once for the whole time', () => {
    expect(charts.length).toBeGreaterThan(5);
    expect(charts.filter(({ expr }) => !expr.includes('@ end()'))).toEqual([]);
  });
});
