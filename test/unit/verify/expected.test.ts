/** What the rendered files promise that a running Prometheus shows. */
import { describe, expect, test } from 'vitest';
import { expectedAlertmanagers, expectedRuleGroups, expectedTargets } from '../../../src/verify/expected.ts';

const files = [
  {
    path: 'prometheus/prometheus.yml',
    content: `
rule_files: [rules/*.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['alertmanager:9093']}]}]}
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ['prometheus:9090']}]
  - job_name: postgresql
    file_sd_configs: [{files: [targets/postgresql.yml]}]
  - job_name: node
    file_sd_configs: [{files: ['/etc/prometheus/targets/node*.json']}]
`,
  },
  {
    path: 'prometheus/targets/postgresql.yml',
    content: '- targets: ["db:5432/app"]\n  labels: {instance: demo, team: x, __param_auth_module: demo}\n',
  },
  { path: 'prometheus/targets/node1.json', content: '[{"targets":["a:9100","b:9100"]}]' },
  {
    path: 'prometheus/rules/a.yml',
    content: 'groups: [{name: g1, rules: [{}, {}]}, {name: g2, rules: [{}]}]',
  },
  { path: 'prometheus/rules/deep/b.yml', content: 'groups: [{name: hidden, rules: []}]' },
  { path: 'prometheus/rules/a.txt', content: 'not yaml: [' },
];

describe('what is expected of a running Prometheus', () => {
  test('targets come from static and file configurations, without internal labels', () => {
    expect(expectedTargets(files)).toEqual([
      { job: 'prometheus', address: 'prometheus:9090', labels: {} },
      { job: 'postgresql', address: 'db:5432/app', labels: { instance: 'demo', team: 'x' } },
      { job: 'node', address: 'a:9100', labels: {} },
      { job: 'node', address: 'b:9100', labels: {} },
    ]);
  });
  test('rule groups come from the files that the pattern names, not from others', () => {
    expect(expectedRuleGroups(files)).toEqual([
      { name: 'g1', file: 'rules/a.yml', ruleCount: 2 },
      { name: 'g2', file: 'rules/a.yml', ruleCount: 1 },
    ]);
  });
  test('Alertmanagers come from the alerting section', () => {
    expect(expectedAlertmanagers(files)).toEqual(['alertmanager:9093']);
  });
  test('a file on this machine is the rendered one, whatever the stack is called', () => {
    const native = (name: string) =>
      expectedTargets([
        {
          path: 'prometheus/prometheus.yml',
          content: `scrape_configs: [{job_name: n, file_sd_configs: [{files: [/etc/pgmon/${name}/prometheus/targets/n.json]}]}]`,
        },
        { path: 'prometheus/targets/n.json', content: '[{"targets":["a:9100"]}]' },
      ]).map(({ address }) => address);
    expect(native('shop')).toEqual(['a:9100']);
    expect(native('prometheus')).toEqual(['a:9100']);
  });
  test('nothing rendered means nothing expected', () => {
    expect(expectedTargets([])).toEqual([]);
    expect(expectedRuleGroups([])).toEqual([]);
  });
});
