/** What is found in a report, in which order, and what is said about each server. */
import { describe, expect, it } from 'vitest';
import { highIsBad } from '../../../src/catalog/dashboards/thresholds.ts';
import { judgeReport } from '../../../src/report/judge-report.ts';
import type { Report } from '../../../src/report/report.ts';
import { stepsOf } from '../../../src/report/runbook-steps.ts';
import { dataOf, END, fired, linePanel, reportOf, START, seen, statPanel, topicOf } from './fixtures.ts';

const kinds = (report: Report) => judgeReport(report).verdicts.map(({ kind }) => kind);
const over = { isFiring: false, spans: [{ startSeconds: START, endSeconds: START + 120 }] };
const detail = (...panels: Parameters<typeof topicOf>[0]) => [{ name: 'orders', topics: [topicOf(panels)] }];

describe('the verdict about a server', () => {
  it.each([
    ['well', []],
    ['critical', [fired()]],
    ['was-critical', [fired(over)]],
    ['warning', [fired({ severity: 'warning' })]],
    ['was-warning', [fired({ severity: 'warning', ...over })]],
    ['warning', [fired({ severity: 'warning', name: 'Other' }), fired(over)]],
    ['well', [fired({ severity: 'info' })]],
    ['well', [fired({ labels: { instance: 'stock' } })]],
  ] as const)('is %s', (kind, alerts) => {
    expect(kinds(reportOf({ alerts }))).toEqual([kind]);
  });

  it('is unknown without a sample in the range, unless an alert says worse', () => {
    const servers = [seen('orders', { answered: null })];
    expect(kinds(reportOf({ servers }))).toEqual(['unknown']);
    expect(kinds(reportOf({ servers, alerts: [fired()] }))).toEqual(['critical']);
  });

  it('follows a number that is beyond its threshold at the end of the range', () => {
    const of = (value: number) => reportOf({ details: detail(dataOf(statPanel(), { app: [0.1, value] })) });
    expect(kinds(of(0.79))).toEqual(['well']);
    expect(kinds(of(0.8))).toEqual(['warning']);
    expect(kinds(of(0.95))).toEqual(['critical']);
    expect(kinds(reportOf({ details: detail(dataOf(statPanel(), { app: [0.99, 0.1] })) }))).toEqual(['well']);
  });

  it('follows a line that was beyond its threshold for a tenth of the time', () => {
    const panel = linePanel({ thresholds: highIsBad(0.8, 0.95) });
    const of = (bad: number) =>
      reportOf({
        details: detail(dataOf(panel, { app: [...Array(bad).fill(0.99), ...Array(20 - bad).fill(0)] })),
      });
    expect(kinds(of(1))).toEqual(['well']);
    expect(kinds(of(2))).toEqual(['was-critical']);
  });

  it.each([
    [[0.99, 0.9, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'was-warning'],
    [[0.99, 0.99, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'was-critical'],
    [[0.99, 0.99, 0.99, 0, 0, 0, 0, 0, 0, 0, 0, 0.9], 'warning'],
    [[0.9, 0.9, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0.99], 'critical'],
  ])('takes the level of a line from its thresholds: %j is %s', (values, kind) => {
    const panel = linePanel({ thresholds: highIsBad(0.8, 0.95) });
    expect(kinds(reportOf({ details: detail(dataOf(panel, { app: values })) }))).toEqual([kind]);
  });

  it('follows what was asked for the end of the range, not the last point of a course', () => {
    const now = (value: number) => dataOf(statPanel(), { app: [value] }).queries;
    const course = Array(12).fill(0.99);
    const line = dataOf(linePanel({ thresholds: highIsBad(0.8, 0.95) }), { app: course });
    const of = (data: Parameters<typeof topicOf>[0][number]) => kinds(reportOf({ details: detail(data) }));
    expect(of({ ...dataOf(statPanel(), { app: course }), now: now(0.1) })).toEqual(['well']);
    expect(of({ ...line, now: dataOf(line.panel, { app: [0.1] }).queries })).toEqual(['was-critical']);
    expect(of({ ...line, now: dataOf(line.panel, { app: [0.9] }).queries })).toEqual(['warning']);
  });
});

describe('findings', () => {
  it('come most severe first, then what is so now', () => {
    const alerts = [
      fired({ name: 'A', severity: 'info' }),
      fired({ name: 'B', severity: 'warning', ...over }),
      fired({ name: 'C', severity: 'warning' }),
      fired({ name: 'D', ...over }),
      fired({ name: 'E' }),
    ];
    expect(judgeReport(reportOf({ alerts })).findings.map(({ id }) => id)).toEqual(['E', 'D', 'C', 'B', 'A']);
  });

  it('of servers come before those of machines that are as severe', () => {
    const of = (value: number) => [topicOf([dataOf(statPanel(), { app: [value] })])];
    const subjects = (server: number, machine: number) =>
      judgeReport(
        reportOf({
          details: [{ name: 'orders', topics: of(server) }],
          machines: [{ name: 'db1', topics: of(machine) }],
        }),
      ).findings.map(({ subject }) => subject);
    expect(subjects(0.99, 0.99)).toEqual(['orders', 'db1']);
    expect(subjects(0.9, 0.99)).toEqual(['db1', 'orders']);
  });

  it('are one for each alert of a server, with what tells its cases apart', () => {
    const alerts = ['app', 'shop'].map((datname) =>
      fired({ labels: { instance: 'orders', datname, job: 'x' } }),
    );
    const { findings } = judgeReport(reportOf({ alerts }));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.occurrences.map(({ what }) => what)).toEqual(['app', 'shop']);
  });

  it('say how long it lasted in all', () => {
    const spans = [
      { startSeconds: END - 1000, endSeconds: END - 900 },
      { startSeconds: END - 50, endSeconds: END },
    ];
    expect(
      judgeReport(reportOf({ alerts: [fired({ spans })] })).findings[0]?.occurrences[0]?.totalSeconds,
    ).toBe(150);
  });

  it('tell a figure once, and not beside its alert', () => {
    const panel = statPanel({ alert: 'PostgreSQLTooManyConnections' });
    const details = detail(
      dataOf(panel, { app: [0.99] }),
      dataOf({ ...panel, id: 'again' }, { app: [0.99] }),
    );
    expect(judgeReport(reportOf({ details })).findings.map(({ kind }) => kind)).toEqual(['figure']);
    const alerts = [fired({ name: 'PostgreSQLTooManyConnections' })];
    expect(judgeReport(reportOf({ details, alerts })).findings.map(({ kind }) => kind)).toEqual(['alert']);
  });

  it('take what to do from the runbook, and its meaning where the text is not known any more', () => {
    const page =
      '# X\n\n## Meaning\n\nIt is down.\n\n## Impact\n\nNobody can log in.\n\n## What to do\n\n1. First `this`\n   and that.\n2. Then.\n\n## When to ignore\n\nNever.\n';
    const runbooks = new Map([['PostgreSQLDown', page]]);
    const alerts = [fired({ description: null, summary: null })];
    expect(judgeReport(reportOf({ alerts, runbooks })).findings[0]).toMatchObject({
      title: 'PostgreSQLDown',
      detail: 'It is down. Nobody can log in.',
      steps: ['First `this` and that.', 'Then.'],
      runbook: 'PostgreSQLDown',
    });
  });
});

describe('the steps of a runbook', () => {
  it('leave out blocks of SQL', () => {
    expect(stepsOf('## What to do\n\n1. Look:\n   ```sql\n   SELECT 1;\n   ```\n2. Act.\n')).toEqual([
      'Look:',
      'Act.',
    ]);
  });
});
