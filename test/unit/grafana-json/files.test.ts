/** The committed dashboards are what the catalogue says. After a change of it: `npm run dashboards`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDashboardFiles } from '../../../src/grafana-json/dashboard-files.ts';
import { formatDashboard } from '../../../src/grafana-json/format-json.ts';
import { readDashboardTexts } from '../../support/dashboard-files.ts';
import { PACKAGE_DIR } from '../../support/stack-fixture.ts';

describe('templates/dashboards', () => {
  const built = buildDashboardFiles();
  const committed = readDashboardTexts();

  it('has a file for every dashboard and no other', () => {
    const names = built.map(({ name }) => name).filter((name) => name !== 'dashboards.json');
    expect(committed.map(({ name }) => `dashboards/${name}`)).toEqual(names.toSorted());
  });

  it.each(built)('$name is what the catalogue says; else run npm run dashboards', ({ name, text }) => {
    const file = readFileSync(path.join(PACKAGE_DIR, 'templates', name), 'utf8');
    // Compared as a whole: half a megabyte of differences helps nobody.
    expect(file === text, `${name} differs from src/catalog/dashboards: run npm run dashboards`).toBe(true);
  });

  it('are the same bytes when they are read and written again', () => {
    const changed = committed.filter(({ text }) => formatDashboard(JSON.parse(text)) !== text);
    expect(changed.map(({ name }) => name)).toEqual([]);
  });
});

describe('formatDashboard', () => {
  it('gives the same bytes for any order of keys, and begins with the description', () => {
    const text = formatDashboard({ uid: 'b', panels: [{ y: 1, x: 2 }], title: 'a', description: 'c' });
    expect(text).toBe(formatDashboard({ description: 'c', title: 'a', panels: [{ x: 2, y: 1 }], uid: 'b' }));
    expect(text.split('\n').slice(0, 4)).toEqual([
      '{',
      '  "description": "c",',
      '  "title": "a",',
      '  "uid": "b",',
    ]);
  });
});
