/** `pgmon report` of a real stack, opened in a real browser: it asks for nothing, every chart is drawn, nothing overlaps. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { artifactDir, browserMissing, openBrowser, watchPage } from '../support/browser.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createTestStack, type TestStack } from '../support/test-stack.ts';

const missing = daemonMissing ?? browserMissing;

/** One server that works and one that is not there. */
const spec = ({
  ports,
}: TestStack) => `scrape: {interval: 2s, timeout: 2s, slowInterval: 4s, evaluationInterval: 2s}
servers:
  - name: orders
    bundled: {database: app, port: ${ports.postgres}, disposable: true, workload: {clients: 2, rate: 20, scale: 1}}
  - {name: away, host: 192.0.2.1, password: {generate: true}}
prometheus: {port: ${ports.prometheus}}
postgresExporter: {port: ${ports.exporter}}
sqlExporter: {port: ${ports.sql}}
alertmanager: {port: ${ports.alertmanager}}
nodeExporter: {port: ${ports.node}}
`;

async function hasSeries({ ports }: TestStack, query: string): Promise<boolean> {
  const url = `http://127.0.0.1:${ports.prometheus}/api/v1/query?${new URLSearchParams({ query })}`;
  const answer = (await (await fetch(url)).json()) as {
    readonly data: { readonly result: readonly unknown[] };
  };
  return answer.data.result.length > 0;
}

/** Charts in which nothing is drawn in a colour of a series, by their label. */
const emptyCharts = (page: Page) =>
  page.$$eval('svg.chart', (charts) =>
    charts
      .filter((chart) => {
        const shapes = [...chart.querySelectorAll('path, rect')];
        return !shapes.some((shape) => {
          const { width, height } = shape.getBoundingClientRect();
          const paint = `${shape.getAttribute('stroke')} ${shape.getAttribute('fill')}`;
          const isSeries = /#[0-9a-f]{6}/.test(paint) && shape.closest('defs') === null;
          const isSparkline = chart.closest('.stats') !== null && paint.includes('currentColor');
          return (isSeries || isSparkline) && width + height > 1;
        });
      })
      .map((chart) => chart.getAttribute('aria-label') ?? ''),
  );

/** Texts that stand out of their picture, and texts that lie over one another. */
const misplacedTexts = (page: Page) =>
  page.$$eval('svg.chart', (charts) =>
    charts.flatMap((chart) => {
      const frame = chart.getBoundingClientRect();
      const texts = [...chart.querySelectorAll('text')].map((text) => ({
        words: text.textContent ?? '',
        box: text.getBoundingClientRect(),
      }));
      const title = chart.closest('figure')?.querySelector('h5')?.textContent ?? '';
      const outside = texts
        .filter(
          ({ box }) =>
            box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 2,
        )
        .map(({ words }) => `${title}: ${words} stands out`);
      const over = texts.flatMap((a, i) =>
        texts
          .slice(i + 1)
          .filter(
            ({ box }) =>
              Math.min(a.box.right, box.right) - Math.max(a.box.left, box.left) > 2 &&
              Math.min(a.box.bottom, box.bottom) - Math.max(a.box.top, box.top) > 5,
          )
          .map(({ words }) => `${title}: ${a.words} lies over ${words}`),
      );
      return [...outside, ...over];
    }),
  );

describe.skipIf(missing !== null)(`pgmon report${missing ?? ''}`, () => {
  it('writes a page that opens by itself, with every chart drawn', { timeout: 700_000 }, async () => {
    const stack = await createTestStack('report');
    await stack.writeSpec(spec(stack));
    const up = await stack.pgmon(['up', '--timeout', '3m']);
    expect(up.code, up.stderr).toBe(0);
    const isDown = 'ALERTS{alertname="PostgreSQLDown", alertstate="firing", instance="away"}';
    await expect.poll(() => hasSeries(stack, isDown), { timeout: 200_000, interval: 2000 }).toBe(true);
    const isRecorded = 'count_over_time(instance:pg_up:bool{instance="orders"}[10m]) > 1';
    await expect.poll(() => hasSeries(stack, isRecorded), { timeout: 200_000, interval: 2000 }).toBe(true);

    const artifacts = await artifactDir('report');
    const file = path.join(artifacts, 'report.html');
    const outcome = await stack.pgmon(['report', '--since', '24h', '--output', file, '--json']);
    expect(outcome.code, outcome.stderr).toBe(0);
    const told = JSON.parse(outcome.stdout);
    expect(told.servers).toMatchObject([
      { name: 'orders', role: 'primary' },
      { name: 'away', answered: 0, verdict: 'critical' },
    ]);
    // It is asked once a minute: of two answers or more, one may be from before it was ready.
    expect(told.servers[0].answered).toBeGreaterThanOrEqual(0.5);
    expect(told.servers[0].answered).toBeLessThanOrEqual(1);
    expect(told.isCut).toBe(true);
    const down = told.findings.find((one: { readonly id: string }) => one.id === 'PostgreSQLDown');
    expect(down).toMatchObject({
      level: 'critical',
      subject: 'away',
      isNow: true,
      runbook: 'PostgreSQLDown',
    });
    expect(down.steps.length).toBeGreaterThan(1);
    const unexplained = told.panelsWithoutData.filter(
      ({ place, reason }: Record<string, string>) => place === 'orders' && reason?.startsWith('no reason'),
    );
    expect(unexplained).toEqual([]);
    const { size } = await stat(file);
    expect(size).toBe(told.bytes);
    expect(size).toBeLessThan(3_000_000);
    expect(await readFile(file, 'utf8')).not.toMatch(/password|\$__|\$instance/);

    const browser = await openBrowser();
    const url = pathToFileURL(file).href;
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints, requests } = await watchPage(browser, { width: 1100, colorScheme });
      await page.goto(url);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([url]);
      await page.screenshot({ path: path.join(artifacts, `${colorScheme}.png`), fullPage: true });
      if (colorScheme === 'dark') continue;
      expect(await page.locator('svg.chart').count()).toBeGreaterThan(30);
      expect(await emptyCharts(page)).toEqual([]);
      expect(await misplacedTexts(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1100);
      const text = await page.innerText('main');
      for (const words of [
        'needs help now',
        'What to do',
        'Transactions',
        'Cache Hit Ratio',
        'no replica is connected',
      ])
        expect(text.toLowerCase()).toContain(words.toLowerCase());
      const pdf = await page.pdf({
        path: path.join(artifacts, 'report.pdf'),
        format: 'A4',
        printBackground: true,
      });
      expect(pdf.length).toBeGreaterThan(50_000);
    }
    const small = await watchPage(browser, { width: 390, colorScheme: 'light' });
    await small.page.goto(url);
    expect(await small.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await small.page.screenshot({ path: path.join(artifacts, 'phone.png') });
  });
});
