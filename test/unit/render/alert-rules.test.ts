/** How the choices of a spec become rules: one for most servers, and one more for each set of servers with their own. */
import { describe, expect, it } from 'vitest';
import { defineAlert } from '../../../src/catalog/alerts/alert.ts';
import { buildAlertingRules } from '../../../src/render/alert-rules.ts';
import type { AlertOverride, Server, Stack } from '../../../src/stack/stack.ts';
import { createServer, createStack } from '../../support/stack-fixture.ts';

const ALERT = defineAlert({
  name: 'Hot',
  scope: 'server',
  expr: 'max by (instance) (heat) > <limit>',
  threshold: { value: 80, unit: 'percent' },
  for: '5m',
  keepFiringFor: '10m',
  severity: 'warning',
  summary: '{{ $labels.instance }} is hot',
  description: 'More than <limit>.',
  sql: 'SELECT 1;',
});

const NONE: AlertOverride = { value: null, for: null, keepFiringFor: null, severity: null };

function server(name: string, override: Partial<AlertOverride> | 'off' | null = null): Server {
  const alerts =
    override === 'off'
      ? { overrides: {}, disabled: ['Hot'] }
      : { overrides: override === null ? {} : { Hot: { ...NONE, ...override } }, disabled: [] };
  return createServer({ name, labels: {}, alerts });
}

function stackOf(servers: readonly Server[], all: Partial<AlertOverride> | null = null): Stack {
  const base = createStack();
  const overrides = all === null ? {} : { Hot: { ...NONE, ...all } };
  return createStack({ servers, alerts: { ...base.alerts, overrides } });
}

const rulesOf = (stack: Stack) => buildAlertingRules(stack, ALERT);

/** What differs between the rules: which servers, from what limit, how long, how bad. */
const essence = (stack: Stack) =>
  rulesOf(stack).map((rule) => [
    /instance:up:declared\{(instance.*?)\}/.exec(rule.expr)?.[1] ?? 'all',
    /> ([\d.]+)\)/.exec(rule.expr)?.[1],
    rule.for,
    rule.severity,
  ]);

describe('buildAlertingRules', () => {
  it('makes one rule when no server is special', () => {
    const [rule, ...others] = rulesOf(stackOf([server('a'), server('b')]));
    expect(others).toEqual([]);
    expect(rule).toEqual({
      alert: 'Hot',
      expr: '(max by (instance) (heat) > 0.8) * on (instance) group_left () instance:up:declared',
      for: '5m',
      keepFiringFor: '10m',
      severity: 'warning',
      annotations: [
        { name: 'description', value: 'More than 80 %.' },
        { name: 'runbook', value: 'pgmon runbook Hot' },
        { name: 'sql', value: 'SELECT 1;' },
        { name: 'summary', value: '{{ $labels.instance }} is hot' },
      ],
    });
  });

  it("adds every server's labels, whoever has them", () => {
    const labelled = [
      createServer({ name: 'a', labels: { environment: 'prod', team: 'x' } }),
      createServer({ name: 'b', labels: { environment: 'dev', cluster: 'y' } }),
    ];
    expect(rulesOf(stackOf(labelled))[0]?.expr).toContain('group_left (cluster, environment, team)');
  });

  it('takes threshold, duration and severity for all from the spec, in rule and text', () => {
    const stack = stackOf([server('a')], { value: 90, for: '1m', severity: 'critical' });
    expect(essence(stack)).toEqual([['all', '0.9', '1m', 'critical']]);
    expect(rulesOf(stack)[0]?.annotations[0]?.value).toBe('More than 90 %.');
  });

  it('makes a second rule for a server with its own threshold and keeps it out of the first', () => {
    expect(essence(stackOf([server('a'), server('b', { value: 95 }), server('c')]))).toEqual([
      ['instance!~"b"', '0.8', '5m', 'warning'],
      ['instance=~"b"', '0.95', '5m', 'warning'],
    ]);
  });

  it('makes one rule for all servers that chose the same, and another for each other choice', () => {
    const servers = [
      server('a', { value: 95 }),
      server('b', { value: 70, severity: 'info' }),
      server('c'),
      server('d', { value: 95 }),
    ];
    expect(essence(stackOf(servers))).toEqual([
      ['instance!~"a|b|d"', '0.8', '5m', 'warning'],
      ['instance=~"a|d"', '0.95', '5m', 'warning'],
      ['instance=~"b"', '0.7', '5m', 'info'],
    ]);
  });

  it("lets a server's own choice win one by one over the one for all", () => {
    const stack = stackOf([server('a', { severity: 'critical' }), server('b')], { value: 60, for: '2m' });
    expect(essence(stack)).toEqual([
      ['instance!~"a"', '0.6', '2m', 'warning'],
      ['instance=~"a"', '0.6', '2m', 'critical'],
    ]);
  });

  it('leaves out a server that has it switched off', () => {
    expect(essence(stackOf([server('a', 'off'), server('b')]))).toEqual([
      ['instance!~"a"', '0.8', '5m', 'warning'],
    ]);
  });

  it('has no rule for the others when every server is special', () => {
    expect(essence(stackOf([server('a', 'off'), server('b', { value: 95 })]))).toEqual([
      ['instance=~"b"', '0.95', '5m', 'warning'],
    ]);
  });

  it('has no rule at all when it is off for every server', () => {
    expect(rulesOf(stackOf([server('a', 'off')]))).toEqual([]);
  });

  it('matches names with dots, pluses and backslashes as they are', () => {
    const stack = stackOf([
      server('db.example.com', { value: 95 }),
      server('a+b\\c', { value: 95 }),
      server('x'),
    ]);
    expect(essence(stack)[1]?.[0]).toBe(String.raw`instance=~"a\\+b\\\\c|db\\.example\\.com"`);
  });

  it('does not add labels of servers to an alert about the stack, nor look at choices per server', () => {
    const stack = stackOf([server('a', { value: 95 })]);
    const rules = buildAlertingRules(stack, { ...ALERT, scope: 'stack' });
    expect(rules.map(({ expr }) => expr)).toEqual(['max by (instance) (heat) > 0.8']);
  });

  it('links to the runbooks where the spec says they are', () => {
    const base = createStack();
    const stack = createStack({ alerts: { ...base.alerts, runbookUrl: 'https://wiki.example.com/pg' } });
    expect(rulesOf(stack)[0]?.annotations).toContainEqual({
      name: 'runbook_url',
      value: 'https://wiki.example.com/pg/Hot',
    });
  });
});
