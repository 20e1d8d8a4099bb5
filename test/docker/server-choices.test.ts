// Thresholds and switched-off alerts of one server apply to that server and to no other, as Prometheus sees it.
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ALERTS } from '../../src/catalog/alerts/all-alerts.ts';
import { RECORDING_GROUPS } from '../../src/catalog/recordings/all-recordings.ts';
import { buildAlertingRules } from '../../src/render/alert-rules.ts';
import type { AlertOverride, Server } from '../../src/stack/stack.ts';
import { daemonMissing } from '../support/daemon.ts';
import { runRuleTest, writeRuleTests } from '../support/rule-tests.ts';
import { createServer, createStack } from '../support/stack-fixture.ts';

const NONE: AlertOverride = { value: null, for: null, keepFiringFor: null, severity: null };
const CONNECTIONS = 'PostgreSQLTooManyConnections';
const DOWN = 'PostgreSQLDown';

const off = (name: string): Server =>
  createServer({
    name,
    labels: { environment: 'prod' },
    alerts: { overrides: {}, disabled: [CONNECTIONS, DOWN] },
  });
const own = (name: string, override: Partial<AlertOverride> | null): Server =>
  createServer({
    name,
    labels: { environment: 'prod' },
    alerts: {
      overrides: override === null ? {} : { [CONNECTIONS]: { ...NONE, ...override } },
      disabled: [],
    },
  });

/** `dbXexample` would match `db.example` if the dot were not escaped. */
const SERVERS = [
  own('plain', null),
  own('db.example', { value: 95 }),
  own('dbXexample', null),
  own('strict', { value: 50, severity: 'critical' }),
  off('silent'),
];

function rulesFile(): string {
  const stack = createStack({ servers: SERVERS });
  const alerts = Object.values(ALERTS)
    .flat()
    .filter(({ name }) => name === CONNECTIONS || name === DOWN);
  const rules = alerts
    .flatMap((alert) => buildAlertingRules(stack, alert))
    .map((rule) => ({
      alert: rule.alert,
      expr: rule.expr,
      for: rule.for ?? '0s',
      labels: { severity: rule.severity },
    }));
  const recordings = RECORDING_GROUPS.flatMap((group) => group.rules).map(({ record, expr }) => ({
    record,
    expr,
  }));
  return stringify({ groups: [{ name: 'all', rules: [...recordings, ...rules] }] }, { lineWidth: 0 });
}

/** 100 connections at most, and so many taken. */
function seriesOf(server: string, taken: number, isUp: number) {
  const labels = (more = '') => `{job="postgresql",instance="${server}",environment="prod"${more}}`;
  const flat = (name: string, value: number) => ({ series: name, values: `${value}x80` });
  return [
    flat(`up${labels()}`, 1),
    flat(`pg_up${labels()}`, isUp),
    flat(`pg_settings_max_connections${labels()}`, 103),
    flat(`pg_settings_superuser_reserved_connections${labels()}`, 3),
    flat(
      `pg_stat_activity_count${labels(',datname="app",state="active",backend_type="client backend"')}`,
      taken,
    ),
  ];
}

const firing = (alert: string, servers: Readonly<Record<string, string>>) => ({
  expr: `sum by (instance, severity, environment) (ALERTS{alertname="${alert}",alertstate="firing"})`,
  eval_time: '20m',
  exp_samples: Object.entries(servers).map(([instance, severity]) => ({
    labels: `{environment="prod",instance="${instance}",severity="${severity}"}`,
    value: 1,
  })),
});

async function prove(taken: number, isUp: number, checks: readonly ReturnType<typeof firing>[]) {
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: SERVERS.flatMap(({ name }) => seriesOf(name, taken, isUp)),
        promql_expr_test: checks,
      },
    ],
  };
  const dir = await writeRuleTests([
    { path: 'rules.yml', content: rulesFile() },
    { path: 'test.yml', content: stringify(test) },
  ]);
  return runRuleTest(dir, 'test.yml');
}

const PASSED = { code: 0, output: expect.stringContaining('SUCCESS') as string };

describe.skipIf(daemonMissing !== null)(`choices per server${daemonMissing ?? ''}`, () => {
  it('a lower threshold is reached by its own server only', async () => {
    expect(await prove(60, 1, [firing(CONNECTIONS, { strict: 'critical' })])).toEqual(PASSED);
  });

  it('a higher threshold spares its own server only, and not one whose name a dot would match', async () => {
    const expected = { plain: 'warning', dbXexample: 'warning', strict: 'critical' };
    expect(await prove(90, 1, [firing(CONNECTIONS, expected)])).toEqual(PASSED);
  });

  it('above every threshold all servers fire but the one that has it switched off', async () => {
    const expected = {
      plain: 'warning',
      'db.example': 'warning',
      dbXexample: 'warning',
      strict: 'critical',
    };
    expect(await prove(98, 1, [firing(CONNECTIONS, expected)])).toEqual(PASSED);
  });

  it('a server that has an alert switched off stays silent while the others fire', async () => {
    const expected = Object.fromEntries(
      ['plain', 'db.example', 'dbXexample', 'strict'].map((name) => [name, 'critical']),
    );
    expect(await prove(10, 0, [firing(DOWN, expected)])).toEqual(PASSED);
  });
});
