/** A dashboard in the shapes that grafana.com and Grafana's API give, made for tests. */

/** The variable of Grafana in braces. */
export const braced = (name: string): string => `\${${name}}`;

/** As `revisions/<n>/download` gives it: inputs, another Grafana's numbers, a chosen value that means nothing elsewhere. */
export const SHARED = {
  __inputs: [
    {
      name: 'DS_PROMETHEUS',
      label: 'Prometheus',
      description: '',
      type: 'datasource',
      pluginId: 'prometheus',
      pluginName: 'Prometheus',
    },
    { name: 'VAR_PREFIX', type: 'constant', label: 'prefix', value: 'pg', description: '' },
  ],
  __requires: [{ type: 'grafana', id: 'grafana', name: 'Grafana', version: '11.0.0' }],
  annotations: {
    list: [
      { builtIn: 1, datasource: { type: 'grafana', uid: '-- Grafana --' }, name: 'Annotations & Alerts' },
    ],
  },
  editable: true,
  gnetId: 9628,
  id: null,
  iteration: 1580000000000,
  panels: [
    {
      id: 11,
      type: 'stat',
      title: 'Up',
      datasource: braced('DS_PROMETHEUS'),
      gridPos: { x: 0, y: 0, w: 12, h: 4 },
      targets: [
        { expr: `${braced('VAR_PREFIX')}_up{instance="$instance"} and ${braced('other')}`, refId: 'A' },
      ],
    },
    {
      id: 12,
      type: 'row',
      title: 'More',
      gridPos: { x: 0, y: 4, w: 24, h: 1 },
      panels: [
        {
          id: 13,
          type: 'timeseries',
          title: 'Rows',
          datasource: { type: 'prometheus', uid: 'of-another-grafana' },
          targets: [
            { datasource: { type: 'prometheus', uid: braced('DS_PROMETHEUS') }, expr: 'pg_up', refId: 'A' },
          ],
        },
      ],
    },
  ],
  schemaVersion: 39,
  templating: {
    list: [
      {
        name: 'instance',
        type: 'query',
        datasource: 'Prometheus',
        query: 'label_values(pg_up, instance)',
        refresh: 0,
        options: [{ text: 'db1.example.com', value: 'db1.example.com' }],
        current: { text: 'db1.example.com', value: 'db1.example.com' },
      },
      {
        name: 'ds',
        type: 'datasource',
        query: 'prometheus',
        options: [],
        current: { text: 'x', value: 'x' },
      },
      { name: 'step', type: 'custom', query: '1m,5m', options: [{ text: '1m', value: '1m' }], current: {} },
    ],
  },
  title: 'PostgreSQL Database (9.6+)',
  uid: '000000039',
  version: 7,
};

export type Shared = typeof SHARED;

/** As text, with some keys changed. */
export function sharedText(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...SHARED, ...changes });
}
