/** Dashboards that others made: which queries they have, and with which values these are asked. */
import { describe, expect, test } from 'vitest';
import { MORE_DASHBOARDS_DIR } from '../../../src/conventions.ts';
import type { Asker } from '../../../src/panels/check/ask-queries.ts';
import { checkImported } from '../../../src/panels/check/imported/check-imported.ts';
import { findImported } from '../../../src/panels/check/imported/find-imported.ts';
import { readDashboard } from '../../../src/panels/check/imported/read-dashboard.ts';
import { chooseValues, fillIn } from '../../../src/panels/check/imported/variables.ts';
import { QueryError } from '../../../src/panels/query-prometheus.ts';

const variable = (
  name: string,
  type: string,
  query: unknown,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  name,
  type,
  query,
  ...more,
});
const JSON_TEXT = {
  title: 'Other',
  uid: 'other',
  time: { from: 'now-6h' },
  templating: { list: [variable('instance', 'query', { query: 'label_values(up, instance)', refId: 'x' })] },
  panels: [
    { id: 1, title: 'A', targets: [{ expr: 'up{instance="$instance"}' }, { expr: 'hidden', hide: true }] },
    {
      id: 2,
      title: 'Row',
      type: 'row',
      panels: [{ id: 3, title: 'B', targets: [{ expr: 'b', instant: true }] }],
    },
    { id: 4, title: 'Text', type: 'text' },
    { id: 1, title: 'Twice', targets: [{ expr: 'c' }] },
  ],
};

test('dashboards of others are found among the rendered files', () => {
  const file = (path: string, content: string) => ({ path, content });
  const found = findImported([
    file('grafana/dashboards/01-overview.json', '{"uid": "pgmon-overview"}'),
    file(`${MORE_DASHBOARDS_DIR}/9628.json`, '{"uid": "other"}'),
    file(`${MORE_DASHBOARDS_DIR}/bad.json`, '{'),
    file('grafana/provisioning/x.json', '{}'),
  ]);
  expect(found).toEqual([
    { name: '9628', json: { uid: 'other' } },
    { name: 'bad', json: null },
  ]);
});

describe('readDashboard', () => {
  test('finds the queries of all panels, those in collapsed rows too, with ids of their own', () => {
    expect(readDashboard(JSON_TEXT)).toMatchObject({
      uid: 'other',
      rangeSeconds: 21_600,
      panels: [
        { id: '1', queries: [{ expr: 'up{instance="$instance"}', isOverTime: true }] },
        { id: '3', queries: [{ expr: 'b', isOverTime: false }] },
        { id: '1#3', title: 'Twice' },
      ],
      variables: [{ name: 'instance', query: 'label_values(up, instance)', hasAll: false, allValue: null }],
    });
  });
  test('reads the rows of very old dashboards, and says what is none', () => {
    const old = { rows: [{ panels: [{ id: 1, title: 'A', targets: [{ expr: 'a' }] }] }] };
    expect(readDashboard(old)?.panels).toHaveLength(1);
    expect(readDashboard({ apiVersion: 'dashboard.grafana.app/v2beta1', spec: {} })).toBeNull();
    expect(readDashboard(null)).toBeNull();
  });
});

describe('fillIn', () => {
  const values = { byName: new Map([['a', 'x']]), rangeSeconds: 3600, scrapeIntervalSeconds: 15 };
  test.each([
    ['m{l="$a"}', 'm{l="x"}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
    ['m{l="${a}", k="${a:regex}"}', 'm{l="x", k="x"}'],
    ['m{l="[[a]]"}', 'm{l="x"}'],
    ['rate(m[$__rate_interval])', 'rate(m[60s])'],
    ['rate(m[$__interval]) + $__range_s', 'rate(m[15s]) + 3600'],
    ['label_replace(m, "l", "$1", "k", "(.*)")', 'label_replace(m, "l", "$1", "k", "(.*)")'],
    ['m{l="$unknown"}', 'm{l="$unknown"}'],
    ['m{l="$constructor"}', 'm{l="$constructor"}'],
  ])('puts values into %s', (text, expected) => {
    expect(fillIn(text, values)).toBe(expected);
  });
});

interface Asked {
  readonly query?: Asker['query'];
  readonly labelValues?: Asker['labelValues'];
}
const askerOf = ({ query, labelValues }: Asked): Asker => ({
  query: query ?? (async (text) => ({ text, hasData: true, refused: null })),
  labelValues: labelValues ?? (async () => []),
});
const times = { span: { endSeconds: 1000, rangeSeconds: 600 }, scrapeIntervalSeconds: 15 };
const read = (list: readonly unknown[]) =>
  readDashboard({ panels: [], templating: { list } })?.variables ?? [];

describe('chooseValues', () => {
  test('takes the first value of each variable, later ones with the values of earlier ones', async () => {
    const asked: string[] = [];
    const asker = askerOf({
      labelValues: async (series, label) => {
        asked.push(`${label} of ${series}`);
        return label === 'job' ? ['pg-a', 'pg-b'] : ['one'];
      },
    });
    const variables = read([
      variable('source', 'datasource', 'prometheus'),
      variable('job', 'query', 'label_values(job)', { regex: '/pg-(.*)/' }),
      variable('db', 'query', 'label_values(x{job="$job"}, datname)'),
      variable('every', 'interval', '1m,5m'),
      variable('all', 'query', 'label_values(x, y)', { includeAll: true }),
    ]);
    const { values, problems } = await chooseValues(asker, variables, times);
    expect(Object.fromEntries(values.byName)).toEqual({ job: 'a', db: 'one', every: '1m', all: '.*' });
    expect(asked).toEqual(['job of {__name__!=""}', 'datname of x{job="a"}', 'y of x']);
    expect(problems).toEqual([]);
  });
  test('tells variables that offer nothing or are refused', async () => {
    const asker = askerOf({
      labelValues: async (series) => (series === 'bad{' ? new QueryError('parse error') : []),
    });
    const variables = read([
      variable('a', 'query', 'label_values(bad{, l)'),
      variable('b', 'query', 'label_values(x, l)'),
      variable('c', 'query', 'label_values(x, l)', { regex: '/(/' }),
    ]);
    expect((await chooseValues(asker, variables, times)).problems).toEqual([
      { name: 'a', refused: 'parse error' },
      { name: 'b', refused: null },
      { name: 'c', refused: '/(/ is no regular expression' },
    ]);
  });
});

test('an empty panel of others is told and not judged, a refused one is broken', async () => {
  const asker = askerOf({
    labelValues: async () => ['s1'],
    query: async (text) => ({ text, hasData: text !== 'b', refused: text === 'c' ? 'parse error' : null }),
  });
  const looking = {
    asker,
    explain: async () => {
      throw new Error('nobody knows why');
    },
    scrapeIntervalSeconds: 15,
    endSeconds: 1000,
  };
  const findings = await checkImported(looking, { name: '9628', json: JSON_TEXT });
  expect(findings.map(({ subject, status, detail }) => [subject, status, detail])).toEqual([
    ['9628/1', 'pass', 'data'],
    ['9628/3', 'skip', 'empty: B'],
    ['9628/1#3', 'fail', 'broken: Twice: query refused: parse error: c'],
  ]);
  expect(await checkImported(looking, { name: 'bad', json: null })).toMatchObject([{ status: 'skip' }]);
});
