/** What `pgmon top` names exists: panels, their queries, and the labels that its columns show. */
import { describe, expect, it } from 'vitest';
import { findPanel, queryOf } from '../../../src/top/find-panel.ts';
import { FACTS, FIGURES, FLEET, LISTS, TALLIES } from '../../../src/top/places.ts';

const sources = FIGURES.flatMap(({ key, from }) => from.map((source) => ({ key, ...source })));

describe('places of pgmon top', () => {
  it.each([...sources, ...TALLIES])('$key shows a query of panel $panel of $dashboard', (place) => {
    expect(queryOf(findPanel(place), place.query).expr).not.toBe('');
  });

  it.each(FACTS)('fact $key shows panel $panel', (place) => {
    const panel = findPanel(place);
    expect(panel.queries).toHaveLength(1);
    const labels = panel.kind === 'table' ? panel.columns.map(({ label }) => label) : [];
    if (place.label !== null) expect(labels).toContain(place.label);
  });

  it.each([...LISTS, FLEET])('$key shows labels and queries of panel $panel', (place) => {
    const panel = findPanel(place);
    const labels = panel.kind === 'table' ? panel.columns.map(({ label }) => label) : [];
    for (const column of place.columns) {
      if ('label' in column) expect(labels).toContain(column.label);
      else expect(queryOf(panel, column.query).legend).not.toBe('');
    }
  });

  it('has no two things of one key', () => {
    const keys = [...FIGURES, ...TALLIES, ...LISTS].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('says which panel it misses when there is none', () => {
    const name = { dashboard: 'pgmon-overview', panel: 'no-such-panel' };
    expect(() => findPanel(name)).toThrow('no panel no-such-panel in dashboard pgmon-overview');
  });
});
