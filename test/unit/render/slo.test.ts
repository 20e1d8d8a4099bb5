/** Objectives as rules: which servers they are for, which burn rates follow, and what is left out. Times are proved in test/docker/slo.test.ts. */
import { describe, expect, it } from 'vitest';
import { BURN_WINDOWS, burnRate, lowestPagedObjective } from '../../../src/catalog/slo/burn-rates.ts';
import { buildRuleGroups } from '../../../src/render/rules.ts';
import type { Server, Stack } from '../../../src/stack/stack.ts';
import { createServer, createStack } from '../../support/stack-fixture.ts';

const slo = (overrides: Partial<NonNullable<Server['slo']>> = {}): NonNullable<Server['slo']> => ({
  availability: 99.9,
  windowDays: 30,
  latency: null,
  ...overrides,
});
const LATENCY = { thresholdMs: 50, objective: 99 };

const stackOf = (
  objectives: Readonly<Record<string, Server['slo']>>,
  overrides: Partial<Stack> = {},
): Stack =>
  createStack({
    servers: Object.entries(objectives).map(([name, own]) => createServer({ name, slo: own })),
    ...overrides,
  });

const sloGroups = (stack: Stack) => buildRuleGroups(stack).filter(({ name }) => name.startsWith('pgmon-slo'));
const recordingsOf = (stack: Stack) => sloGroups(stack).flatMap(({ recordings }) => recordings);
const alertsOf = (stack: Stack) => sloGroups(stack).flatMap(({ alerts }) => alerts);
const exprsOf = (stack: Stack, record: string) =>
  recordingsOf(stack)
    .filter((rule) => rule.record === record)
    .map(({ expr }) => expr);

describe('burn rates', () => {
  it.each([
    [30, [14.4, 6, 3, 1]],
    [28, [13.44, 5.6, 2.8, 1]],
    [7, [3.36, 1.4, 1, 1]],
    [90, [43.2, 18, 9, 3]],
    [1, [1, 1, 1, 1]],
  ])('for %s days use up 2, 5, 10 and 10 percent, but never less than is allowed', (days, expected) => {
    expect(BURN_WINDOWS.map((window) => burnRate(window, days))).toEqual(
      expected.map((rate) => Number(rate.toPrecision(6))),
    );
  });

  it('have short windows of a twelfth of the long ones', () => {
    const seconds: Readonly<Record<string, number>> = { '5m': 300, '30m': 1800, '2h': 7200, '6h': 21_600 };
    for (const { short, longSeconds } of BURN_WINDOWS) expect(seconds[short]).toBe(longSeconds / 12);
  });

  it('leave no page to objectives that a total failure does not burn fast enough', () => {
    expect(lowestPagedObjective(30)).toBeCloseTo(83.33, 2);
  });
});

describe('the rules of the objectives', () => {
  it('are not there without an objective', () => {
    expect(sloGroups(stackOf({ a: null, b: null }))).toEqual([]);
  });

  it('have none about latency without a latency objective', () => {
    const stack = stackOf({ a: slo() });
    expect(recordingsOf(stack).filter(({ record }) => /latency|calls/.test(record))).toEqual([]);
    expect(alertsOf(stack).map(({ alert }) => alert)).toEqual([
      'PostgreSQLAvailabilityBurnFast',
      'PostgreSQLAvailabilityBurnSlow',
    ]);
  });

  it('record one objective for all servers that share it, named by the shorter list', () => {
    const record = 'instance:pgmon_slo_availability:objective_ratio';
    expect(exprsOf(stackOf({ a: slo(), b: slo() }), record)).toEqual([
      'max by (instance) (up{job="postgresql"}) * 0 + 0.999',
    ]);
    expect(
      exprsOf(stackOf({ a: slo(), b: slo({ availability: 99.95 }), c: slo(), 'd.e': null }), record),
    ).toEqual([
      'max by (instance) (up{job="postgresql", instance=~"a|c"}) * 0 + 0.999',
      'max by (instance) (up{job="postgresql", instance=~"b"}) * 0 + 0.9995',
    ]);
    expect(exprsOf(stackOf({ a: slo(), b: slo(), 'd.e': null }), record)).toEqual([
      String.raw`max by (instance) (up{job="postgresql", instance!~"d\\.e"}) * 0 + 0.999`,
    ]);
  });

  it('tell servers with different windows apart', () => {
    const stack = stackOf({ a: slo(), b: slo({ windowDays: 7 }) });
    const fast = alertsOf(stack).filter(({ alert }) => alert === 'PostgreSQLAvailabilityBurnFast');
    expect(fast.map(({ expr }) => /> ([\d.]+)/.exec(expr)?.[1])).toEqual(['3.36', '14.4']);
    expect(fast.map(({ expr }) => /window:days == (\d+)/.exec(expr)?.[1])).toEqual(['7', '30']);
    const window = exprsOf(stack, 'instance:pgmon_slo_unavailable:ratio_window');
    expect(window.map((expr) => /\[(\d+d)\]/.exec(expr)?.[1])).toEqual(['7d', '30d']);
    expect(
      exprsOf(stackOf({ a: slo() }), 'instance:pgmon_slo_unavailable:ratio_window').join(),
    ).not.toContain('==');
  });

  it('ask no window that is longer than the objective', () => {
    const slow = alertsOf(stackOf({ a: slo({ windowDays: 1 }) })).at(-1);
    expect(slow?.expr).toContain('ratio_1d');
    expect(slow?.expr).not.toContain('ratio_3d');
  });

  it('do not count the calls of the roles that monitor', () => {
    const base = stackOf({ a: slo({ latency: LATENCY }), b: slo() });
    const stack = { ...base, servers: base.servers.map((one) => ({ ...one, user: `mon.${one.name}` })) };
    expect(exprsOf(stack, 'instance:pgmon_slo_statement_calls:rate5m')).toEqual([
      String.raw`sum by (instance) (rate(pg_stat_statements_calls_total{user!~"mon\\.a", instance=~"a"}[5m]))`,
    ]);
  });

  it('compare statements with a number where all servers have one threshold, and with their own where they differ', () => {
    const slowCalls = (thresholds: readonly number[]) => {
      const objectives = thresholds.map((thresholdMs, i) => [
        `db-${i}`,
        slo({ latency: { ...LATENCY, thresholdMs } }),
      ]);
      return exprsOf(
        stackOf(Object.fromEntries(objectives)),
        'instance:pgmon_slo_slow_statement_calls:rate5m',
      );
    };
    expect(slowCalls([50, 50])).toEqual([expect.stringContaining('[5m]) / 0.05)')]);
    expect(slowCalls([50, 80])).toEqual([
      expect.stringContaining(
        '[5m]) / on (instance) group_left () instance:pgmon_slo_latency:threshold_seconds)',
      ),
    ]);
  });

  it('read raw samples for five minutes only, and no more than six hours of what is recorded twice a minute', () => {
    const exprs = recordingsOf(stackOf({ a: slo({ latency: LATENCY }) })).map(({ expr }) => expr);
    const ranges = exprs.flatMap((expr) => [...expr.matchAll(/([\w:]+)(?:\{[^}]*\})?\[(\w+)\]/g)]);
    const days = ranges.filter(([, , range = '']) => range.endsWith('d')).map(([, name]) => name ?? '');
    expect(days.length).toBeGreaterThan(4);
    expect(days.filter((name) => !/half_hour|started/.test(name))).toEqual([]);
    expect(ranges.filter(([, name = '']) => name.startsWith('pg_')).map(([, , range]) => range)).toEqual(
      Array(3).fill('5m'),
    );
  });

  it('obey what the spec switches off or changes, for all and for one server', () => {
    const off = stackOf(
      { a: slo() },
      { alerts: { ...createStack().alerts, disabled: ['PostgreSQLAvailabilityBurnSlow'] } },
    );
    expect(alertsOf(off).map(({ alert }) => alert)).toEqual(['PostgreSQLAvailabilityBurnFast']);
    const base = stackOf({ a: slo(), b: slo() });
    const one = {
      ...base,
      servers: base.servers.map((server) =>
        server.name === 'b'
          ? {
              ...server,
              alerts: {
                disabled: [],
                overrides: {
                  PostgreSQLAvailabilityBurnFast: {
                    value: null,
                    for: '3m',
                    keepFiringFor: null,
                    severity: null,
                  },
                },
              },
            }
          : server,
      ),
    };
    expect(
      alertsOf(one)
        .slice(0, 2)
        .map((rule) => [rule.for, /instance[=!]~"\w"/.exec(rule.expr)?.[0]]),
    ).toEqual([
      [null, 'instance!~"b"'],
      ['3m', 'instance=~"b"'],
    ]);
  });
});
