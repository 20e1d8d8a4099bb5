/** The page: what stands where, that nothing from outside is taken for HTML, and what it never asks for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { query, table } from '../../../src/catalog/dashboards/house-look.ts';
import { UNEXPLAINED } from '../../../src/panels/load-topics.ts';
import { judgeReport } from '../../../src/report/judge-report.ts';
import { renderPage } from '../../../src/report/render-page.ts';
import type { Report } from '../../../src/report/report.ts';
import { hostileText } from '../../support/hostile-text.ts';
import { readTemplatesForTest } from '../../support/stack-fixture.ts';
import { dataOf, END, fired, linePanel, points, reportOf, seen, statPanel, topicOf } from './fixtures.ts';

const templates = readTemplatesForTest();
const pageOf = (more: Partial<Report>) => {
  const report = reportOf(more);
  return renderPage(report, judgeReport(report), templates);
};

const ROWS = table({
  id: 'rows',
  title: 'Rows (count)',
  text: { shows: 'Rows. A click on one opens it.', normal: 'Few.', action: 'Look.' },
  unit: 'none',
  columns: [{ label: 'datname', header: 'Database' }],
  queries: [query('rows', 'Rows')],
});

/** Everything that comes from outside is this text. */
function reportSaying(text: string): Partial<Report> {
  const labels = { instance: text, datname: text };
  const series = [{ labels, points: points([1, 2]) }];
  const [rows, lines] = [ROWS, linePanel()].map((panel) => ({
    panel,
    queries: [{ query: panel.queries[0] ?? query('x', ''), series }],
  }));
  const panels = [rows, lines].filter((one) => one !== undefined);
  return {
    stackName: text,
    servers: [seen(text, { environment: text, version: text, role: text })],
    alerts: [
      fired({ name: text, labels, summary: text, description: text, sql: text, runbookUrl: text }),
      fired({ name: text, labels: { ...labels, datname: `${text}2` }, severity: text }),
    ],
    details: [
      {
        name: text,
        topics: [
          topicOf([...panels, dataOf(statPanel(), { [text]: [1], b: [1] })], [{ panel: ROWS, reason: text }]),
        ],
      },
    ],
    machines: [{ name: text, topics: [topicOf(panels)] }],
    leftOut: [text],
  };
}

describe('the page', () => {
  it('takes nothing from outside for HTML', () => {
    const marked = pageOf(reportSaying('<script>alert(1)</script>" onload=x \'&amp; `<b>`'));
    expect(marked).not.toMatch(/<script|<b>`|" onload=x/);
    expect(marked).toContain('&lt;script&gt;');
  });

  it('has the same elements whatever the texts are', () => {
    const tags = (html: string) =>
      html.replace(/<svg class="chart"[\s\S]*?<\/svg>/g, '').match(/<\/?[a-z0-9]+/g);
    const plain = tags(pageOf(reportSaying('plain')))?.filter((tag) => !tag.includes('code'));
    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ''),
        (text) => {
          expect(tags(pageOf(reportSaying(`x${text}`)))?.filter((tag) => !tag.includes('code'))).toEqual(
            plain,
          );
        },
      ),
      { numRuns: 6 },
    );
  }, 60_000);

  it('asks for nothing: no script, no picture, no style sheet, no font from anywhere', () => {
    const page = pageOf(reportSaying('plain'));
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|src=/);
    expect(page.match(/href="[^#]/g)).toBeNull();
  });

  it('links pages about alerts, and no other address', () => {
    const of = (runbookUrl: string) => pageOf({ alerts: [fired({ runbookUrl })] });
    expect(of('https://example.com/PostgreSQLDown')).toContain(
      '<a href="https://example.com/PostgreSQLDown">',
    );
    expect(of('javascript:alert(1)')).not.toContain('javascript:');
  });

  it('gives the same bytes for the same report, but for the ids in pictures', () => {
    const [first, second] = [pageOf(reportSaying('a')), pageOf(reportSaying('a'))];
    const plain = (html: string) => html.replace(/zr\d+-/g, 'zr-');
    expect(plain(first)).toBe(plain(second));
  });

  it('has one id for each place', () => {
    const ids = pageOf({
      servers: [seen('a b'), seen('a.b')],
      details: ['a b', 'a.b'].map((name) => ({
        name,
        topics: [topicOf([dataOf(linePanel(), { x: [1, 2] })])],
      })),
    }).match(/ id="[^"]*"/g);
    expect(new Set(ids).size).toBe(ids?.length);
  });

  it('says that all is well', () => {
    const page = pageOf({});
    expect(page).toContain('<strong>orders: well</strong>');
    expect(page).toContain('Nothing: no alert fired');
  });

  it('names the worst server first and links only those in detail', () => {
    const page = pageOf({
      servers: [seen('orders'), seen('stock')],
      alerts: [fired({ labels: { instance: 'stock' } })],
      details: [{ name: 'stock', topics: [] }],
    });
    expect(page).toContain('<strong>stock: needs help now</strong><br>orders: well');
    expect(page.indexOf('<a href="#server-1">stock</a>')).toBeLessThan(
      page.indexOf('<th scope="row">orders</th>'),
    );
  });

  it('names machines with findings in the first lines, which no verdict tells', () => {
    const machines = [{ name: 'db1', topics: [topicOf([dataOf(statPanel(), { app: [0.99] })])] }];
    const alerts = [
      fired({ name: 'A', severity: 'warning' }),
      fired({ name: 'B', severity: 'warning' }),
      fired({ name: 'C', labels: {} }),
    ];
    const banner = '<strong>orders: needs attention</strong><br>';
    expect(pageOf({ alerts, machines })).toContain(
      `${banner}findings: 2 warnings; the stack: 1 critical; machine db1: 1 critical</p>`,
    );
    expect(pageOf({ alerts, machines, servers: [seen('orders'), seen('stock')] })).toContain(
      `${banner}stock: well; the stack: 1 critical; machine db1: 1 critical</p>`,
    );
  });

  it('tells when an alert fired', () => {
    const spans = [
      { startSeconds: END - 3000, endSeconds: END - 2400 },
      { startSeconds: END - 300, endSeconds: END },
    ];
    const page = pageOf({ alerts: [fired({ spans })] });
    expect(page).toContain('15 min in all: 11:10 to 11:20, since 11:55');
    expect(page).toContain('critical, firing now');
  });

  it('lists panels without data by reason, instead of showing them', () => {
    const empty = [
      { panel: statPanel({ title: 'One' }), reason: 'no replica is connected' },
      { panel: statPanel({ title: 'Two' }), reason: 'no replica is connected' },
      { panel: statPanel({ title: 'Three' }), reason: UNEXPLAINED },
    ];
    const of = (answered: number) =>
      pageOf({
        servers: [seen('orders', { answered })],
        details: [{ name: 'orders', topics: [topicOf([], empty)] }],
      });
    expect(of(1)).toContain('<td>no replica is connected</td><td>One, Two</td>');
    expect(of(1)).toContain('<code>pgmon check --panels</code>');
    expect(of(0)).toContain('<td>the server did not answer</td><td>Three</td>');
    const details = [{ name: 'orders', topics: [topicOf([], empty)] }];
    const span = { startSeconds: END - 120, endSeconds: END };
    expect(pageOf({ details, span, isCut: true })).toContain(
      'too few samples yet: the first are of 2026-01-31 11:58 UTC',
    );
    expect(pageOf({ details, span })).not.toContain('too few samples');
  });

  it('shows 15 rows of a table and counts the others', () => {
    const series = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`db${i}`, [i]]));
    const page = pageOf({ details: [{ name: 'orders', topics: [topicOf([dataOf(ROWS, series)])] }] });
    expect(page.match(/<tr><td>db\d+/g)).toHaveLength(15);
    expect(page).toContain('5 rows more not shown.');
    expect(page).not.toContain('A click');
  });

  it('names charts that are 0 all the time in one line', () => {
    const page = pageOf({
      details: [{ name: 'orders', topics: [topicOf([dataOf(linePanel(), { a: [0, 0] })])] }],
    });
    expect(page).toContain('0 all the time: Course (%).');
    expect(page).not.toContain('<svg class="chart"');
  });
});
