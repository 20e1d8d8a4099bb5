/** The dashboards in a real Grafana: taken without an error, every query answered through its API, every page drawn. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dashboard } from '../../src/catalog/dashboards/dashboard.ts';
import { ALL_VARIABLES } from '../../src/catalog/dashboards/interpolate.ts';
import { DASHBOARD_FOLDER, DATA_SOURCE_UID } from '../../src/conventions.ts';
import { buildQuery, isOverTime } from '../../src/panels/load-panel.ts';
import { dashboardsOf } from '../../src/stack/dashboards.ts';
import { artifactDir, browserMissing, openBrowser, watchPage } from '../support/browser.ts';
import { hasGrafana, specOf } from '../support/check-spec.ts';
import { ensureTestImages, imageVariable } from '../support/images.ts';
import { freePorts, type RunningStack, startStack } from '../support/running-stack.ts';
import { runTool } from '../support/tools.ts';

const RANGE_SECONDS = 900;
const STEP_SECONDS = 15;

interface Query {
  readonly place: string;
  readonly body: object;
}

/** What the browser would send for each query of each panel. */
function queriesOf(dashboard: Dashboard, endSeconds: number): readonly Query[] {
  const chosen = { ...ALL_VARIABLES, instance: ['demo'] };
  const range = { startSeconds: endSeconds - RANGE_SECONDS, endSeconds, stepSeconds: STEP_SECONDS };
  return dashboard.rows
    .flatMap(({ panels }) => panels)
    .flatMap((panel) =>
      panel.queries.map((query, i) => ({
        place: `${dashboard.slug}/${panel.id}/${i}`,
        body: {
          refId: 'A',
          datasource: { type: 'prometheus', uid: DATA_SOURCE_UID },
          expr: buildQuery(query, { chosen, range, scrapeIntervalSeconds: 2 }).text,
          ...(isOverTime(panel) ? { range: true } : { instant: true }),
          intervalMs: STEP_SECONDS * 1000,
          maxDataPoints: 500,
        },
      })),
    );
}

beforeAll(ensureTestImages);

describe.skipIf(!hasGrafana)(
  `the dashboards in Grafana (skipped where there is no image of it and ${imageVariable('grafana')} names none)`,
  () => {
    let stack: RunningStack;
    let address = '';
    let authorization = '';

    beforeAll(async () => {
      const [port = 0] = await freePorts(1);
      address = `http://127.0.0.1:${port}`;
      stack = await startStack('panels-grafana', (name, dir) =>
        specOf(name, dir, { grafana: `{port: ${port}, adminPassword: {file: right}}` }),
      );
      const password = stack.secrets.get('grafana.adminPassword');
      authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    });
    afterAll(() => stack?.remove());

    test('are all provisioned in their folder, without an error in its log', async () => {
      const listed = async () => {
        const answer = await fetch(`${address}/api/search?type=dash-db`, { headers: { authorization } });
        const found = (await answer.json()) as readonly { uid: string; folderTitle: string }[];
        return found
          .filter(({ folderTitle }) => folderTitle === DASHBOARD_FOLDER)
          .map(({ uid }) => uid)
          .toSorted();
      };
      const expected = dashboardsOf(stack.stack)
        .map(({ uid }) => uid)
        .toSorted();
      await expect.poll(listed, { timeout: 90_000, interval: 1000 }).toEqual(expected);
      const { output } = await runTool('docker', ['logs', (await stack.container('grafana')).id]);
      expect(output.split('\n').filter((line) => line.includes('level=error'))).toEqual([]);
    });

    test('have every query answered through its own API', { timeout: 300_000 }, async () => {
      const end = Math.floor(Date.now() / 1000);
      const queries = dashboardsOf(stack.stack).flatMap((dashboard) => queriesOf(dashboard, end));
      expect(queries.length).toBeGreaterThan(200);
      const refused: string[] = [];
      for (const { place, body } of queries) {
        const answer = await fetch(`${address}/api/ds/query`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({
            queries: [body],
            from: String((end - RANGE_SECONDS) * 1000),
            to: String(end * 1000),
          }),
        });
        if (!answer.ok)
          refused.push(`${place}: HTTP ${answer.status} ${(await answer.text()).slice(0, 300)}`);
      }
      expect(refused).toEqual([]);
    });

    test.skipIf(browserMissing !== null)(
      `are drawn without an error${browserMissing ?? ''}`,
      { timeout: 300_000 },
      async () => {
        const browser = await openBrowser();
        const dir = await artifactDir('grafana');
        const failed: string[] = [];
        for (const { uid, slug } of dashboardsOf(stack.stack)) {
          const { page } = await watchPage(browser, { width: 1600, colorScheme: 'light' });
          await page.setExtraHTTPHeaders({ authorization });
          await page.goto(`${address}/d/${uid}?kiosk&theme=light&from=now-15m&to=now&var-instance=demo`);
          await page.waitForSelector('[data-testid*="Panel header"]');
          await page.waitForLoadState('networkidle');
          await page.screenshot({ path: path.join(dir, `${slug}.png`), fullPage: true });
          const errors = await page.locator('[data-testid="data-testid Panel status error"]').count();
          if (errors > 0) failed.push(`${slug}: ${errors} panels say that they failed`);
          await page.close();
        }
        expect(failed).toEqual([]);
      },
    );
  },
);
