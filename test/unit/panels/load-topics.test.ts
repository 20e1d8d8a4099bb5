/** What the panels of a report ask Prometheus, when there is a course of time and something to judge. */
import { describe, expect, it } from 'vitest';
import { ALL_VARIABLES } from '../../../src/catalog/dashboards/interpolate.ts';
import { highIsBad } from '../../../src/catalog/dashboards/thresholds.ts';
import type { Http } from '../../../src/host/host.ts';
import { loadTopics } from '../../../src/panels/load-topics.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';
import { renderForTest } from '../../support/rendering.ts';
import { createStack } from '../../support/stack-fixture.ts';
import { END, linePanel, statPanel } from '../report/fixtures.ts';

const RATE = 'rate(x[$__rate_interval])';
const queries = [{ expr: RATE, legend: '' }];

/** 7 for a course, 1 for an instant query. */
const prometheus =
  (asked: string[]): Http =>
  async ({ url, body }) => {
    const kind = url.split('/').at(-1) ?? '';
    asked.push(`${kind} ${new URLSearchParams(body).get('query')}`);
    const result = kind === 'query' ? { value: [END, '1'] } : { values: [[END, '7']] };
    const data = { resultType: '', result: [{ metric: {}, ...result }] };
    return { status: 200, headers: {}, body: JSON.stringify({ status: 'success', data }) };
  };

async function load(panel: ReturnType<typeof statPanel> | ReturnType<typeof linePanel>) {
  const asked: string[] = [];
  const host = createFakeHost({ cwd: await createTestDir(), http: prometheus(asked) });
  const rendered = renderForTest(createStack());
  const context = { host, rendered, secrets: new Map<string, string>(), signal: host.signal };
  const dashboard = {
    uid: 'x',
    slug: 'x',
    title: 'X',
    question: '',
    range: '1h',
    tags: [],
    variables: [],
    rows: [{ title: 'Now', panels: [panel] }],
  };
  const range = { startSeconds: END - 7 * 86_400, endSeconds: END, stepSeconds: 2520 };
  const choice = { chosen: ALL_VARIABLES, range, scrapeIntervalSeconds: 15 };
  const [topic] = await loadTopics(context, [dashboard], choice);
  return { asked, loaded: topic?.rows[0]?.panels[0] };
}

describe('a panel over a long range', () => {
  it.each([
    ['a number with its course', statPanel({ queries, hasSparkline: true })],
    ['a chart with thresholds', linePanel({ queries, thresholds: highIsBad(1, 2) })],
  ])('has figures of now that do not depend on the range: %s', async (_, panel) => {
    const { asked, loaded } = await load(panel);
    expect(asked).toEqual(['query_range rate(x[2535s])', 'query rate(x[60s])']);
    expect(loaded?.queries[0]?.series[0]?.points).toEqual([{ seconds: END, value: 7 }]);
    expect(loaded?.now?.[0]?.series[0]?.points).toEqual([{ seconds: END, value: 1 }]);
  });

  it.each([
    ['a chart that nothing is judged by', linePanel({ queries }), 'query_range'],
    ['a number without a course', statPanel({ queries, hasSparkline: false }), 'query'],
  ])('is asked for once: %s', async (_, panel, kind) => {
    const { asked, loaded } = await load(panel);
    expect(asked.map((one) => one.split(' ')[0])).toEqual([kind]);
    expect(loaded?.now).toBeUndefined();
  });
});
