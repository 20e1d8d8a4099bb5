// The fleet's recording rules and the panels on them, as Prometheus sees them: a server that is down, hangs or is new keeps its row.
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { interpolate } from '../../src/catalog/dashboards/interpolate.ts';
import { FLEET_COUNTS } from '../../src/catalog/dashboards/panels/fleet-counts.ts';
import { ROLES_OVER_TIME, TOP_LAG } from '../../src/catalog/dashboards/panels/fleet-ranking.ts';
import { FLEET_SERVERS } from '../../src/catalog/dashboards/panels/fleet-servers.ts';
import { RECORDING_GROUPS } from '../../src/catalog/recordings/all-recordings.ts';
import { daemonMissing } from '../support/daemon.ts';
import { runRuleTest, writeRuleTests } from '../support/rule-tests.ts';

const ENVIRONMENT = 'prod';
const labels = (instance: string, job: string, more = '') =>
  `{job="${job}",instance="${instance}",environment="${ENVIRONMENT}"${more}}`;
const flat = (series: string, value: number | string) => ({ series, values: `${value}x40` });

/** The figures of a server that answers. */
function answering(name: string, isReplica: 0 | 1, version: string) {
  const slow = (metric: string, more = '') => `${metric}${labels(name, 'postgresql-slow', more)}`;
  return [
    flat(`up${labels(name, 'postgresql')}`, 1),
    flat(`pg_up${labels(name, 'postgresql')}`, 1),
    flat(slow('pg_static', `,short_version="${version}",version="PostgreSQL ${version} on x86_64"`), 1),
    flat(slow('pg_replication_is_replica'), isReplica),
    flat(slow('pg_replication_lag_seconds'), isReplica * 7),
    flat(slow('pg_database_size_bytes', ',datname="app"'), 1000),
    flat(slow('pg_database_size_bytes', ',datname="postgres"'), 10),
    flat(slow('pg_database_wraparound_age_datfrozenxid_seconds', ',datname="app"'), 1_073_741_824),
    flat(slow('pg_database_wraparound_age_datminmxid_seconds', ',datname="app"'), 5),
    ...(['commit', 'rollback'] as const).map((end) => ({
      series: `pg_stat_database_xact_${end}${labels(name, 'postgresql', ',datname="app"')}`,
      values: end === 'commit' ? '0+45x40' : '0+15x40',
    })),
  ];
}

const WORLD = [
  ...answering('orders', 0, '18.6.0'),
  ...answering('orders-replica', 1, '17.10.0'),
  // The exporter could not log in.
  flat(`up${labels('down', 'postgresql')}`, 1),
  flat(`pg_up${labels('down', 'postgresql')}`, 0),
  flat(`scrape_duration_seconds${labels('orders', 'postgresql')}`, 0.1),
  flat(`scrape_duration_seconds${labels('orders', 'postgresql-slow')}`, 0.4),
  flat(`scrape_duration_seconds${labels('orders', 'postgresql-sql')}`, 0.25),
  flat(`scrape_duration_seconds${labels('orders', 'another')}`, 9),
  // The whole scrape was lost.
  flat(`up${labels('hung', 'postgresql')}`, 0),
  flat('ALERTS{alertname="PostgreSQLDown",alertstate="firing",severity="critical",instance="down"}', 1),
  flat('prometheus_rule_group_rules{rule_group="/etc/x/pgmon-availability.yml;pgmon-availability"}', 9),
];

const values = {
  chosen: { environment: [ENVIRONMENT], instance: null },
  rangeSeconds: 300,
  stepSeconds: 60,
  scrapeIntervalSeconds: 60,
} as const;

const sample = (name: Readonly<Record<string, string>>, value: number) => ({
  labels: `{${Object.entries(name)
    .map(([key, text]) => `${key}="${text}"`)
    .join(',')}}`,
  value,
});
const row = (instance: string, role: string, version: string) => ({
  environment: ENVIRONMENT,
  instance,
  role,
  version,
});
const ORDERS = row('orders', 'primary', '18.6');
const REPLICA = row('orders-replica', 'replica', '17.10');
const DOWN = row('down', 'unknown', 'unknown');
const HUNG = row('hung', 'unknown', 'unknown');

/** Each query of the world, with what it must give. */
async function prove(cases: readonly (readonly [expr: string, samples: readonly object[]])[]) {
  const rules = RECORDING_GROUPS.flatMap((group) => group.rules).map(({ record, expr }) => ({
    record,
    expr,
  }));
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '15s',
    fuzzy_compare: true,
    tests: [
      {
        interval: '15s',
        input_series: WORLD,
        promql_expr_test: cases.map(([expr, exp_samples]) => ({
          expr: interpolate(expr, values),
          eval_time: '10m',
          exp_samples,
        })),
      },
    ],
  };
  const dir = await writeRuleTests([
    { path: 'rules.yml', content: stringify({ groups: [{ name: 'all', rules }] }, { lineWidth: 0 }) },
    { path: 'test.yml', content: stringify(test, { lineWidth: 0 }) },
  ]);
  return runRuleTest(dir, 'test.yml');
}

const PASSED = { code: 0, output: expect.stringContaining('SUCCESS') as string };

function exprOf(
  panels: readonly { readonly id: string; readonly queries: readonly { expr: string }[] }[],
  id: string,
) {
  const expr = panels.find((panel) => panel.id === id)?.queries[0]?.expr;
  if (expr === undefined) throw new Error(`no panel ${id}`);
  return expr;
}

function columnOf(legend: string): string {
  const query = FLEET_SERVERS.queries.find((one) => one.legend === legend);
  if (query === undefined) throw new Error(`no column ${legend}`);
  return query.expr;
}

describe.skipIf(daemonMissing !== null)(`the fleet's figures${daemonMissing ?? ''}`, () => {
  it('are there, one for each server', async () => {
    const outcome = await prove([
      [columnOf('Up'), [sample(ORDERS, 1), sample(REPLICA, 1), sample(DOWN, 0), sample(HUNG, 0)]],
      [columnOf('Alerts'), [sample(ORDERS, 0), sample(REPLICA, 0), sample(DOWN, 1), sample(HUNG, 0)]],
      [columnOf('Transactions'), [sample(ORDERS, 4), sample(REPLICA, 4)]],
      [columnOf('Rolled Back'), [sample(ORDERS, 0.25), sample(REPLICA, 0.25)]],
      [columnOf('Size'), [sample(ORDERS, 1010), sample(REPLICA, 1010)]],
      [columnOf('Wraparound'), [sample(ORDERS, 0.5), sample(REPLICA, 0.5)]],
      [columnOf('Lag'), [sample(REPLICA, 7)]],
      [exprOf([TOP_LAG], 'top-lag'), [sample(REPLICA, 7)]],
    ]);
    expect(outcome).toEqual(PASSED);
  });

  it('count servers by state and role, and alerts', async () => {
    const expected = {
      'servers-up': 2,
      'servers-down': 2,
      'servers-primary': 1,
      'servers-replica': 1,
      'alerts-critical': 1,
      'alerts-warning': 0,
      'fleet-transactions': 8,
    };
    const outcome = await prove(
      Object.entries(expected).map(([id, value]) => [exprOf(FLEET_COUNTS, id), [sample({}, value)]] as const),
    );
    expect(outcome).toEqual(PASSED);
  });

  it('say how long a server is asked, all jobs together', async () => {
    const orders = { environment: ENVIRONMENT, instance: 'orders' };
    const outcome = await prove([
      [
        'instance:scrape_duration_seconds:max',
        [sample({ __name__: 'instance:scrape_duration_seconds:max', ...orders }, 0.4)],
      ],
      [
        'instance:scrape_duration_seconds:ratio10m',
        // 40 scrapes of each job, which take 0.75 s together.
        [sample({ __name__: 'instance:scrape_duration_seconds:ratio10m', ...orders }, 0.05)],
      ],
    ]);
    expect(outcome).toEqual(PASSED);
  });

  it('say what each server was', async () => {
    const role = (instance: string, code: number) =>
      sample({ __name__: 'instance:pgmon_server_role:code', instance }, code);
    const outcome = await prove([
      [
        exprOf([ROLES_OVER_TIME], 'roles-over-time'),
        [role('orders', 2), role('orders-replica', 1), role('down', 0), role('hung', 0)],
      ],
    ]);
    expect(outcome).toEqual(PASSED);
  });
});
