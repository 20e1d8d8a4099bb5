/** docs/dashboards.md is what the catalogue says. After a change of it: `npx vitest run --project unit dashboard-docs -u`. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../../../src/catalog/dashboards/all-dashboards.ts';
import { formatDashboardDocs } from '../../support/dashboard-docs.ts';
import { PACKAGE_DIR } from '../../support/stack-fixture.ts';

describe('docs/dashboards.md', () => {
  it('is what the catalogue says', async () => {
    await expect(formatDashboardDocs()).toMatchFileSnapshot(path.join(PACKAGE_DIR, 'docs', 'dashboards.md'));
  });

  it('has a section for every dashboard and a line for every panel', () => {
    const text = formatDashboardDocs();
    expect(DASHBOARDS.filter(({ title }) => !text.includes(`\n## ${title}\n`))).toEqual([]);
    const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
    const lines = text.split('\n').filter((line) => line.startsWith('| **'));
    expect(lines.length).toBe(panels.length);
  });
});
