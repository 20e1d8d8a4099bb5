import { describe, expect, it } from 'vitest';
import { fillInputs } from '../../../src/dashboards/fill-inputs.ts';
import { parseDashboard } from '../../../src/dashboards/parse-dashboard.ts';
import type { JsonObject } from '../../../src/stack/dashboard-file.ts';
import { braced, SHARED, type Shared, sharedText } from '../../support/community-dashboard.ts';

const OURS = { type: 'prometheus', uid: 'pgmon-prometheus' };

function filled(changes: Readonly<Record<string, unknown>> = {}): Shared {
  const result = fillInputs({ ...SHARED, ...changes } as unknown as JsonObject);
  if (!result.ok) throw new Error(result.problem);
  return result.content as unknown as Shared;
}

function problem(changes: Readonly<Record<string, unknown>>): string {
  const result = fillInputs({ ...SHARED, ...changes } as unknown as JsonObject);
  return result.ok ? 'taken' : result.problem;
}

const panel = (datasource: unknown) => ({ panels: [{ id: 1, type: 'stat', datasource }] });

describe('a shared dashboard is fitted to the stack', () => {
  it('fills in its inputs, constants too, and leaves variables alone', () => {
    const [first] = filled().panels;
    expect(first).toMatchObject({
      datasource: OURS,
      targets: [{ expr: `pg_up{instance="$instance"} and ${braced('other')}` }],
    });
    expect(JSON.stringify(filled())).not.toContain('DS_PROMETHEUS');
    expect(filled()).not.toHaveProperty('__inputs');
  });

  it.each([
    ['a name with more than letters', 'DS_PROMETHEUS-MAIN 2', 'prometheus', OURS.uid],
    ["Grafana's own expressions", 'DS_EXPRESSION', '__expr__', '__expr__'],
  ])('knows an input of %s', (_what, name, pluginId, uid) => {
    const given = { type: pluginId, uid: braced(name) };
    const inputs = { __inputs: [{ name, type: 'datasource', pluginId }] };
    expect(filled({ ...panel(given), ...inputs }).panels[0]?.datasource).toEqual({ type: pluginId, uid });
  });

  it('turns the Prometheus of another Grafana into its own, also in panels inside rows', () => {
    const row = filled().panels[1];
    expect(row).toMatchObject({ panels: [{ datasource: OURS, targets: [{ datasource: OURS }] }] });
  });

  it.each([
    ['a name', 'Prometheus', OURS],
    ['an old reference without a type', { uid: 'abc' }, OURS],
    ['a variable', '$datasource', '$datasource'],
    [
      'a variable in a reference',
      { type: 'prometheus', uid: braced('ds') },
      { type: 'prometheus', uid: braced('ds') },
    ],
    ['several sources', '-- Mixed --', '-- Mixed --'],
    [
      'several sources as a reference',
      { type: 'datasource', uid: '-- Mixed --' },
      { type: 'datasource', uid: '-- Mixed --' },
    ],
    ['an expression', { type: '__expr__', uid: '__expr__' }, { type: '__expr__', uid: '__expr__' }],
    ['the default one', null, null],
  ])('takes %s as a data source', (_what, given, wanted) => {
    expect(filled(panel(given)).panels[0]?.datasource).toEqual(wanted);
  });

  it('asks for the values of variables anew and chooses the data source', () => {
    const [instance, ds, step] = filled().templating.list;
    expect(instance).toMatchObject({ current: {}, refresh: 1, datasource: OURS });
    expect(ds).toMatchObject({ current: { text: 'pgmon Prometheus', value: 'pgmon-prometheus' } });
    expect(step).toEqual(SHARED.templating.list[2]);
  });

  it('makes ordinary panels of those that come from a library in the file', () => {
    const content = filled({
      __elements: {
        lib: { uid: 'lib', model: { type: 'gauge', title: 'Shared', datasource: braced('DS_PROMETHEUS') } },
      },
      panels: [{ id: 4, gridPos: { x: 1 }, libraryPanel: { uid: 'lib', name: 'Shared' } }],
    });
    expect(content.panels).toEqual([
      { type: 'gauge', title: 'Shared', datasource: OURS, id: 4, gridPos: { x: 1 } },
    ]);
  });

  it.each([
    [
      'an input for another kind',
      { __inputs: [{ name: 'DS_LOKI', type: 'datasource', pluginId: 'loki' }] },
      'the kind "loki"',
    ],
    ['a panel on another kind', panel({ type: 'influxdb', uid: 'x' }), 'the kind "influxdb"'],
    [
      'a constant without a value',
      { __inputs: [{ name: 'VAR_X', type: 'constant' }] },
      'input "VAR_X" has no value',
    ],
    [
      'a library that is not there',
      { panels: [{ id: 1, libraryPanel: { uid: 'gone' } }] },
      'comes from a library',
    ],
    [
      'a variable over another kind',
      { templating: { list: [{ name: 'db', type: 'datasource', query: 'mysql' }] } },
      'variable "db" chooses among data sources of the kind "mysql"',
    ],
  ])('refuses %s in words', (_what, changes, words) => {
    expect(problem(changes)).toContain(words);
  });
});

describe('reading a file', () => {
  it.each([
    ['a dashboard', sharedText(), 'taken'],
    ["the API's envelope", JSON.stringify({ dashboard: SHARED, meta: {} }), 'taken'],
    [
      'a resource of version 1',
      JSON.stringify({ apiVersion: 'dashboard.grafana.app/v1beta1', metadata: { name: 'u' }, spec: SHARED }),
      'taken',
    ],
    [
      'a resource of version 2',
      JSON.stringify({
        apiVersion: 'dashboard.grafana.app/v2beta1',
        metadata: {},
        spec: { title: 't', elements: {}, layout: {} },
      }),
      'the format v2',
    ],
    ['no JSON', '<html>', 'it is not JSON'],
    ['a list', '[]', 'it is not a JSON object'],
    ['no title', sharedText({ title: ' ' }), 'it has no title'],
    ['something else', '{"title": "x"}', 'neither panels nor rows'],
  ])('%s', (_what, text, words) => {
    const parsed = parseDashboard(text);
    expect(parsed.ok ? 'taken' : parsed.problem).toContain(words);
  });

  it('takes the uid of a resource from its name', () => {
    const { uid: _, ...spec } = SHARED;
    const text = JSON.stringify({
      apiVersion: 'dashboard.grafana.app/v1',
      metadata: { name: 'named' },
      spec,
    });
    expect(parseDashboard(text)).toMatchObject({ ok: true, content: { uid: 'named' } });
  });
});
