/** How each kind of panel, variable and event of the catalogue becomes Grafana's. */
import { describe, expect, it } from 'vitest';
import type { Dashboard } from '../../../src/catalog/dashboards/dashboard.ts';
import { bars, query, stat, states, table, timeSeries } from '../../../src/catalog/dashboards/house-look.ts';
import type { Panel } from '../../../src/catalog/dashboards/panel.ts';
import { highIsBad } from '../../../src/catalog/dashboards/thresholds.ts';
import { DATABASE, ENVIRONMENT, SERVER, SERVERS } from '../../../src/catalog/dashboards/variables.ts';
import { buildDashboard } from '../../../src/grafana-json/build-dashboard.ts';

const BASE = {
  id: 'one',
  title: 'One (%)',
  text: { shows: 'A share.', normal: 'Little.', action: 'Look.' },
  unit: 'percentunit',
  queries: [query('up{instance=~"$instance"}', 'up')],
} as const;

function dashboardOf(panels: readonly Panel[], more: Partial<Dashboard> = {}): Dashboard {
  return {
    slug: '99-test',
    uid: 'pgmon-test',
    title: '99-Test',
    question: 'Does it work?',
    variables: [ENVIRONMENT, SERVER, DATABASE],
    range: '6h',
    rows: [{ title: 'Row', panels }],
    ...more,
  };
}

/** As Grafana reads it. */
const jsonOf = (dashboard: Dashboard) => JSON.parse(JSON.stringify(buildDashboard(dashboard)));
const panelJson = (panel: Panel) => jsonOf(dashboardOf([panel])).panels[1];

describe('a dashboard', () => {
  const json = jsonOf(dashboardOf([stat(BASE)]));

  it('is classic JSON that nobody edits, with a shared crosshair', () => {
    expect(json).toMatchObject({
      schemaVersion: 42,
      uid: 'pgmon-test',
      editable: false,
      graphTooltip: 1,
      timezone: 'browser',
      refresh: '1m',
      time: { from: 'now-6h', to: 'now' },
    });
    expect(json.id).toBeUndefined();
  });

  it('lets the reader choose the data source first, then environment, server and database', () => {
    const variables = json.templating.list;
    expect(variables.map(({ name }: { name: string }) => name)).toEqual([
      'datasource',
      'environment',
      'instance',
      'database',
    ]);
    expect(variables[1]).toMatchObject({ includeAll: true, allValue: '.*', multi: true, refresh: 2 });
    expect(variables[2]).toMatchObject({ includeAll: false, multi: false });
    expect(variables[2].query.query).toBe(
      'label_values(instance:up:declared{environment=~"$environment"}, instance)',
    );
  });

  it('leads to the others with the same time and choices', () => {
    expect(json.links).toMatchObject([
      { type: 'dashboards', tags: ['pgmon'], asDropdown: true, includeVars: true, keepTime: true },
    ]);
  });

  it('marks restarts, failovers and deploys, and alerts when asked for', () => {
    const events = json.annotations.list.map(({ name, enable }: { name: string; enable: boolean }) => [
      name,
      enable,
    ]);
    expect(events).toEqual([
      ['Annotations & Alerts', true],
      ['Deploys', true],
      ['Restarts', true],
      ['Failovers', true],
      ['Configuration loaded', true],
      ['Alerts firing', false],
    ]);
  });

  it('asks for no events of many servers before somebody wants them', () => {
    const many = jsonOf(dashboardOf([stat(BASE)], { variables: [ENVIRONMENT, SERVERS] }));
    const asked = many.annotations.list.filter(
      (one: { enable: boolean; datasource: { type: string } }) =>
        one.enable && one.datasource.type === 'prometheus',
    );
    expect(asked).toEqual([]);
  });

  it('keeps the number of a panel when another is put before it', () => {
    const other = stat({ ...BASE, id: 'other' });
    const [, before] = jsonOf(dashboardOf([stat(BASE)])).panels;
    const [, , after] = jsonOf(dashboardOf([other, stat(BASE)])).panels;
    expect(after.id).toBe(before.id);
    expect(after.gridPos).toEqual({ x: 3, y: 1, w: 3, h: 4 });
  });
});

describe('a panel', () => {
  it('says what it shows, what is normal, what to do, when it is empty and which alert watches it', () => {
    const { description, fieldConfig } = panelJson(
      stat({
        ...BASE,
        alert: 'PostgreSQLDown',
        emptyWhen: [{ reason: 'the server is a replica', holds: 'up' }],
      }),
    );
    expect(description.split('\n\n')).toEqual([
      'A share.',
      '**Normal:** Little.',
      '**If not:** Look.',
      '**Empty when** the server is a replica.',
      '**Alert:** PostgreSQLDown. Runbook: `pgmon runbook PostgreSQLDown`',
    ]);
    expect(fieldConfig.defaults.noValue).toBe('The server is a replica');
  });

  it('tells the least time between samples, on which $__rate_interval rests', () => {
    const slow = query('up', 'up', { everySeconds: 300 });
    expect(panelJson(timeSeries({ ...BASE, queries: [slow] })).targets[0].interval).toBe('300s');
    expect(panelJson(timeSeries(BASE)).targets[0].interval).toBeUndefined();
  });

  it('links to another dashboard with the time, the data source, what both know and the label clicked on', () => {
    const links = [{ title: 'Queries', dashboard: 'pgmon-queries', variables: { database: 'datname' } }];
    expect(panelJson(timeSeries({ ...BASE, links })).fieldConfig.defaults.links[0]).toMatchObject({
      title: 'Queries',
      url:
        '/d/pgmon-queries?$' +
        '{__url_time_range}&$' +
        '{datasource:queryparam}&$' +
        '{environment:queryparam}&$' +
        '{instance:queryparam}&var-database=$' +
        '{__field.labels.datname:percentencode}',
    });
  });
});

describe('a stat', () => {
  it('asks for now, or for a course of time when it draws one', () => {
    expect(panelJson(stat(BASE)).targets[0]).toMatchObject({ instant: true, range: false });
    expect(panelJson(stat({ ...BASE, hasSparkline: true })).targets[0]).toMatchObject({ range: true });
  });

  it('colours by thresholds, and fills the panel when it shows words', () => {
    const thresholds = highIsBad(0.7, 0.9);
    expect(panelJson(stat({ ...BASE, thresholds })).options.colorMode).toBe('value');
    const { options, fieldConfig } = panelJson(stat({ ...BASE, thresholds, words: { 1: 'up' } }));
    expect(options.colorMode).toBe('background_solid');
    expect(fieldConfig.defaults.mappings[0].options).toEqual({ 1: { text: 'up', index: 0 } });
    expect(fieldConfig.defaults.thresholds.steps).toEqual([
      { value: null, color: '#009E73' },
      { value: 0.7, color: '#E69F00' },
      { value: 0.9, color: '#D55E00' },
    ]);
  });
});

describe('a chart', () => {
  it('draws thresholds as dashed lines and bridges short gaps only', () => {
    const { custom } = panelJson(timeSeries({ ...BASE, thresholds: highIsBad(0.7, 0.9) })).fieldConfig
      .defaults;
    expect(custom).toMatchObject({ thresholdsStyle: { mode: 'dashed' }, spanNulls: 180_000 });
  });

  it('gives each of several queries its colour, in shades where it has many lines', () => {
    const queries = [query('a', 'reads'), query('b', '{{datname}}', { unit: 's' })];
    const { overrides } = panelJson(timeSeries({ ...BASE, queries })).fieldConfig;
    const ofQuery = (refId: string, id: string) =>
      overrides
        .filter(({ matcher }: { matcher: { options: string } }) => matcher.options === refId)
        .flatMap(({ properties }: { properties: { id: string; value: unknown }[] }) => properties)
        .find((property: { id: string }) => property.id === id)?.value;
    expect(ofQuery('A', 'color')).toEqual({ mode: 'fixed', fixedColor: '#56B4E9' });
    expect(ofQuery('B', 'color')).toEqual({ mode: 'shades', fixedColor: '#E69F00' });
    expect(ofQuery('A', 'unit')).toBeUndefined();
    expect(ofQuery('B', 'unit')).toBe('s');
  });

  it('gives values that are known beforehand the same colour everywhere', () => {
    const { overrides } = panelJson(timeSeries({ ...BASE, queries: [query('a', '{{state}}')] })).fieldConfig;
    expect(overrides[0]).toEqual({
      matcher: { id: 'byName', options: 'active' },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: '#56B4E9' } }],
    });
  });
});

describe('bars', () => {
  it('are sorted by Prometheus, longest first', () => {
    const exprOf = (expr: string) =>
      panelJson(bars({ ...BASE, queries: [query(expr, '{{a}}')] })).targets[0].expr;
    expect(exprOf('up')).toBe('sort_desc(up)');
    expect(exprOf('sort(up)')).toBe('sort(up)');
  });
});

describe('states', () => {
  it('give every word a colour of its own when no state is better than another', () => {
    const { mappings } = panelJson(states({ ...BASE, words: { 0: 'primary', 1: 'replica' } })).fieldConfig
      .defaults;
    expect(mappings[0].options).toEqual({
      0: { text: 'primary', index: 0, color: '#56B4E9' },
      1: { text: 'replica', index: 1, color: '#E69F00' },
    });
  });
});

describe('a table', () => {
  const json = panelJson(
    table({
      ...BASE,
      columns: [
        {
          label: 'instance',
          header: 'Server',
          link: { title: 'Open', dashboard: 'pgmon-overview', variables: { instance: 'instance' } },
        },
      ],
      queries: [
        query('a', 'Size', { unit: 'bytes' }),
        query('b', 'Share', { thresholds: highIsBad(0.1, 0.2) }),
      ],
      sortBy: 1,
    }),
  );
  const propertiesOf = (name: string) =>
    json.fieldConfig.overrides.find(
      ({ matcher }: { matcher: { options: string } }) => matcher.options === name,
    ).properties;

  it('joins the queries row by row and names the columns', () => {
    expect(json.targets).toMatchObject([
      { format: 'table', instant: true },
      { format: 'table', instant: true },
    ]);
    expect(json.transformations.map(({ id }: { id: string }) => id)).toEqual([
      'filterFieldsByName',
      'merge',
      'organize',
    ]);
    expect(json.transformations[2].options).toEqual({
      excludeByName: { Time: true },
      indexByName: { instance: 0, 'Value #A': 1, 'Value #B': 2 },
      renameByName: { instance: 'Server', 'Value #A': 'Size', 'Value #B': 'Share' },
    });
    expect(json.options.sortBy).toEqual([{ displayName: 'Share', desc: true }]);
  });

  it('calls the only query Value, as Grafana does', () => {
    const { transformations } = panelJson(table({ ...BASE, columns: [{ label: 'a', header: 'A' }] }));
    expect(transformations[2].options.renameByName).toEqual({ a: 'A', Value: 'up' });
  });

  it('gives a column its unit, its thresholds and its link', () => {
    expect(propertiesOf('Size')).toContainEqual({ id: 'unit', value: 'bytes' });
    expect(propertiesOf('Share').map(({ id }: { id: string }) => id)).toEqual([
      'unit',
      'noValue',
      'thresholds',
      'custom.cellOptions',
    ]);
    const [link] = propertiesOf('Server').find(({ id }: { id: string }) => id === 'links').value;
    expect(link.url).toContain(`var-instance=$${'{'}__data.fields.instance:percentencode}`);
    expect(link.url).not.toContain('instance:queryparam');
  });
});
