/** The verdicts of the hops on what services answer. */
import { describe, expect, test } from 'vitest';
import type { ObservedContainer } from '../../../src/providers/provider.ts';
import { samplesOf } from '../../../src/verify/exposition.ts';
import { judgeAlertmanager } from '../../../src/verify/hops/alertmanager.ts';
import { isAbsence, judgeContainer } from '../../../src/verify/hops/container.ts';
import { judgeDataSourceHealth, readQueryAnswer } from '../../../src/verify/hops/data-source.ts';
import { judgeProbe, probePath } from '../../../src/verify/hops/exporter.ts';
import { causeInLog, fromContainer } from '../../../src/verify/hops/exporter-log.ts';
import { judgeQueries } from '../../../src/verify/hops/exporter-sql.ts';
import { judgeHealth } from '../../../src/verify/hops/grafana.ts';
import { judgePrometheus } from '../../../src/verify/hops/prometheus.ts';
import { judgeRuleGroup } from '../../../src/verify/hops/rules.ts';
import { judgeLogin } from '../../../src/verify/hops/sql-login.ts';
import { judgeTarget, matchTargets } from '../../../src/verify/hops/target.ts';
import { readTargets } from '../../../src/verify/prometheus-api.ts';
import { createServer } from '../../support/stack-fixture.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');

describe('container', () => {
  const container: ObservedContainer = {
    id: 'x',
    name: 'demo-prometheus-1',
    service: 'prometheus',
    status: 'running',
    health: 'healthy',
    exitCode: null,
    startedAtMs: NOW - 5000,
    imageId: 'sha256:x',
    imageReference: 'x',
    serviceHash: null,
    ports: [],
  };
  const docker = { nowMs: NOW, runtime: 'docker', isStackUp: false } as const;
  test('passes a running one, also while its own healthcheck has not ended', () => {
    expect(judgeContainer('prometheus', container, docker)).toMatchObject({
      status: 'pass',
      detail: 'running for 5.0 s',
    });
    expect(judgeContainer('prometheus', { ...container, health: 'starting' }, docker).status).toBe('pass');
  });
  test.each([
    [null, /no container/],
    [{ ...container, status: 'restarting' as const, exitCode: 2 }, /again and again with exit code 2/],
    [{ ...container, status: 'exited' as const, exitCode: 137 }, /exited with exit code 137/],
    [{ ...container, status: 'created' as const }, /created/],
    [{ ...container, health: 'unhealthy' as const }, /healthcheck fails/],
  ])('fails what does not serve', (seen, detail) => {
    const finding = judgeContainer('prometheus', seen, docker);
    expect(finding.status).toBe('fail');
    expect(finding.detail).toMatch(detail);
    expect(finding.hint).toContain('pgmon');
  });
  test('says how to look at a stack that was started without a service', () => {
    const up = { ...docker, isStackUp: true };
    expect(judgeContainer('grafana', null, up).hint).toContain('--without grafana');
    expect(judgeContainer('prometheus', null, up).hint).toBe('start it with `pgmon up`');
    expect(judgeContainer('grafana', null, docker).hint).toBe('start the stack with `pgmon up`');
  });
  test('speaks of a unit where systemd runs the services', () => {
    const { detail } = judgeContainer('prometheus', null, { ...docker, runtime: 'native' });
    expect(detail).toBe('its unit is neither enabled nor running');
    expect([isAbsence(detail), isAbsence('no container'), isAbsence('exited')]).toEqual([true, true, false]);
  });
});

describe('sql-login', () => {
  const server = { user: 'pgmon', database: 'app', databases: 'all' } as const;
  const limits = { connections: 20, settings: [] };
  const wish = { name: 'orders', server, limits, wantsStatements: true };
  const answer = {
    version: '18.6',
    versionNumber: 180006,
    exists: true,
    canLogin: true,
    powers: [],
    memberOf: ['pg_monitor'],
    isMonitor: true,
    hasStatements: true,
    isEncrypted: true,
    databases: [{ name: 'app', canConnect: true }],
  };
  test('passes a role with pg_monitor and tells version and encryption', () => {
    expect(judgeLogin(wish, answer)).toMatchObject({
      status: 'pass',
      detail: 'PostgreSQL 18.6, role pgmon with pg_monitor, TLS',
    });
  });
  test('passes without pg_stat_statements, and says so', () => {
    const finding = judgeLogin(wish, { ...answer, hasStatements: false });
    expect(finding.status).toBe('pass');
    expect(finding.detail).toContain('pg_stat_statements is not installed in database app');
  });
  test('fails a superuser', () => {
    expect(judgeLogin(wish, { ...answer, powers: ['SUPERUSER'] }).detail).toContain('superuser');
  });
  test('fails a role without pg_monitor, with the statement that helps', () => {
    const other = { ...wish, server: { ...server, user: 'a"b' } };
    const finding = judgeLogin(other, { ...answer, isMonitor: false, memberOf: [] });
    expect(finding).toMatchObject({
      status: 'fail',
      detail: 'PostgreSQL 18.6, role a"b lacks pg_monitor',
      hint: 'run on orders: GRANT pg_monitor TO "a""b"',
    });
  });
  test('fails a role that may not connect to a database it should watch, with the statement that helps', () => {
    const databases = [...answer.databases, { name: 'shop', canConnect: false }];
    expect(judgeLogin(wish, { ...answer, databases })).toMatchObject({
      status: 'fail',
      hint: 'run on orders: GRANT CONNECT ON DATABASE "shop" TO "pgmon"',
    });
    const other = { ...wish, server: { ...server, databases: ['app'] } };
    expect(judgeLogin(other, { ...answer, databases }).status).toBe('pass');
  });
});

describe('exporter', () => {
  const samples = (text: string) =>
    samplesOf(text, ['pg_up', 'pg_exporter_last_scrape_error', 'pg_scrape_collector_success']);
  const X = { server: 'x', subject: 'x', service: 'postgres-exporter' };
  const never = async () => {
    throw new Error('must not be asked');
  };
  const good = 'pg_up 1\npg_exporter_last_scrape_error 0\npg_scrape_collector_success{collector="wal"} 1\n';
  test('asks with the rendered target and the server as auth module', () => {
    expect(probePath('a&b', '[::1]:5432/my%20db')).toBe(
      '/probe?target=%5B%3A%3A1%5D%3A5432%2Fmy%2520db&auth_module=a%26b',
    );
  });
  test('passes when up, without error, and every collector succeeds', async () => {
    expect(await judgeProbe(X, samples(good), never)).toMatchObject({
      status: 'pass',
      detail: 'pg_up is 1, its one collector succeeds',
    });
  });
  test('names the collectors that fail', async () => {
    const finding = await judgeProbe(
      X,
      samples(`${good}pg_scrape_collector_success{collector="stat_statements"} 0\n`),
      never,
    );
    expect(finding.detail).toContain('1 of 2 collectors fail: stat_statements');
  });
  test('fails when no collector ran although pg_up is 1, as with all connections taken', async () => {
    expect(await judgeProbe(X, samples('pg_up 1\npg_exporter_last_scrape_error 0\n'), never)).toMatchObject({
      status: 'fail',
    });
  });
  test('fails on an error of the last scrape', async () => {
    expect((await judgeProbe(X, samples(good.replace('error 0', 'error 1')), never)).status).toBe('fail');
  });
  test('tells why the server is down', async () => {
    const finding = await judgeProbe(X, samples('pg_up 0\n'), async () => ({
      kind: 'k',
      words: 'connection refused',
      hint: 'h',
    }));
    expect(finding).toMatchObject({ status: 'fail', detail: 'pg_up is 0: connection refused', hint: 'h' });
  });
  test('tells how a container reaches a server that this machine reaches as localhost', () => {
    const cause = { kind: 'refused', words: 'connection refused', hint: 'make sure that it runs' } as const;
    const server = { name: 'orders', host: 'localhost', scrapeHost: 'host.docker.internal' };
    expect(fromContainer(cause, server)?.hint).toContain('host.docker.internal: let orders listen there too');
    expect(fromContainer(cause, { ...server, scrapeHost: 'localhost' })).toEqual(cause);
    expect(fromContainer(null, server)).toBeNull();
  });
  test('reads the cause only from the newest log line about this target', () => {
    const line = (target: string, err: string) =>
      `level=ERROR msg="Error opening" target=${target} err="${err}"`;
    const lines = [
      line('db1:5432/app', 'no such host'),
      line('db1:5432/app', 'dial tcp: connection refused'),
      line('"db1:5432/my db"', 'i/o timeout'),
      line('db1:5432/app2', 'pq: SSL is not enabled on the server'),
    ];
    expect(causeInLog(lines, 'x', 'db1:5432/app')?.kind).toBe('refused');
    expect(causeInLog(lines, 'x', 'db1:5432/my%20db')?.kind).toBe('timeout');
    expect(causeInLog(lines, 'x', 'db1:5432/other')).toBeNull();
  });
});

describe('sql exporter', () => {
  const probed = { server: createServer({ name: 'orders', user: 'pgmon' }), subject: 'orders/sql' };
  const success = (query: string, value: number, datname = '') =>
    `pgmon_sql_query_success{query="${query}"${datname === '' ? '' : `,datname="${datname}"`}} ${value}\n`;
  test('passes when every query succeeds', () => {
    expect(judgeQueries(probed, success('state', 1) + success('tables', 1, 'app'))).toMatchObject({
      subject: 'orders/sql',
      status: 'pass',
      detail: '2 queries succeed',
    });
  });
  test('names the queries that fail and where', () => {
    expect(judgeQueries(probed, success('state', 1) + success('tables', 0, 'app'))).toMatchObject({
      status: 'fail',
      detail: '1 of 2 queries fail: tables in app',
    });
  });
  test('fails when no query ran', () => {
    expect(judgeQueries(probed, 'up 1\n').status).toBe('fail');
  });
});

describe('prometheus', () => {
  const runtime = { isLastReloadGood: true, configLoadedMs: NOW - 60_000 };
  test('passes with the rendered configuration', () => {
    expect(judgePrometheus(runtime, { rendered: { a: 1 }, running: { a: 1, b: 2 } }, NOW).status).toBe(
      'pass',
    );
  });
  test('names the place where another configuration runs', () => {
    expect(judgePrometheus(runtime, { rendered: { a: 1 }, running: { a: 2 } }, NOW).detail).toContain(
      'a differs',
    );
  });
  test('fails after a refused reload even if the old configuration looks the same', () => {
    const finding = judgePrometheus(
      { ...runtime, isLastReloadGood: false },
      { rendered: {}, running: {} },
      NOW,
    );
    expect(finding.detail).toContain('refused the last reload');
  });
});

describe('target', () => {
  const answer = (overrides: object) => ({
    data: {
      activeTargets: [
        {
          discoveredLabels: { __address__: 'db:5432/app' },
          labels: { instance: 'demo', job: 'postgresql' },
          scrapePool: 'postgresql',
          lastError: '',
          lastScrape: '2026-01-31T11:59:50.123456789Z',
          lastScrapeDuration: 0.05,
          health: 'up',
          scrapeInterval: '15s',
          scrapeTimeout: '10s',
          ...overrides,
        },
      ],
    },
  });
  const judge = (overrides: object) =>
    judgeTarget('postgresql/demo', readTargets(answer(overrides))[0] ?? null, NOW);
  test('passes one that is up and fresh', () => {
    expect(judge({})).toMatchObject({ status: 'pass', detail: 'up, scraped 9.9 s ago in 50 ms' });
  });
  test('fails one whose last scrape is older than two intervals and a timeout', () => {
    expect(judge({ lastScrape: '2026-01-31T11:59:21Z' }).status).toBe('pass');
    expect(judge({ lastScrape: '2026-01-31T11:59:19Z' })).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('41.0 s ago'),
    });
  });
  test('shows the last error of one that is down', () => {
    const finding = judge({ health: 'down', lastError: 'dial tcp: connect: connection refused' });
    expect(finding.detail).toBe('down: dial tcp: connect: connection refused');
  });
  test('says that the first scrape is still to come', () => {
    expect(judge({ health: 'unknown', lastScrape: '0001-01-01T00:00:00Z' }).detail).toBe('not scraped yet');
  });
  test('a missing target fails', () => {
    expect(judgeTarget('node/x', null, NOW).status).toBe('fail');
  });
  test('targets of one address are told apart by their labels', () => {
    const scraped = readTargets(answer({}));
    const wanted = (instance: string) => ({
      job: 'postgresql',
      address: 'db:5432/app',
      labels: { instance },
    });
    expect(matchTargets([wanted('demo')], scraped)[0]?.scraped).not.toBeNull();
    expect(matchTargets([wanted('other')], scraped)[0]?.scraped).toBeNull();
  });
});

describe('rules', () => {
  const expected = { name: 'g', file: 'rules/a.yml', ruleCount: 1 };
  const group = {
    name: 'g',
    file: '/etc/prometheus/rules/a.yml',
    lastEvaluationMs: NOW - 3000,
    intervalMs: 15_000,
    rules: [{ name: 'PostgreSQLDown', health: 'ok', lastError: '' }],
  };
  const now = { nowMs: NOW, configLoadedMs: NOW - 60_000 };
  test('passes a group that is whole and evaluated', () => {
    expect(judgeRuleGroup(expected, group, now)).toMatchObject({
      status: 'pass',
      detail: '1 rule, evaluated 3.0 s ago',
    });
  });
  test.each([
    [null, /not loaded/],
    [{ ...group, rules: [] }, /0 rules loaded, 1 rendered/],
    [
      { ...group, rules: [{ name: 'PostgreSQLDown', health: 'err', lastError: 'many-to-many' }] },
      /PostgreSQLDown: many-to-many/,
    ],
    [{ ...group, lastEvaluationMs: null }, /not evaluated yet/],
    [{ ...group, lastEvaluationMs: null, intervalMs: 300_000 }, /not evaluated yet/, 320],
  ])('fails one that is not', (seen, detail, loadedSecondsAgo = 60) => {
    const configLoadedMs = NOW - Number(loadedSecondsAgo) * 1000;
    const finding = judgeRuleGroup(expected, seen, { nowMs: NOW, configLoadedMs });
    expect(finding.status).toBe('fail');
    expect(finding.detail).toMatch(detail);
  });
  test('passes a group whose long interval has not come round since Prometheus loaded it', () => {
    const slow = { ...group, lastEvaluationMs: null, intervalMs: 300_000 };
    expect(judgeRuleGroup(expected, slow, now)).toMatchObject({
      status: 'pass',
      detail: '1 rule, loaded; evaluated every 5 m',
    });
  });
});

describe('alertmanager', () => {
  const status = {
    cluster: { status: 'disabled' },
    config: { original: 'route: {receiver: a}\nreceivers: [{name: a}]\n' },
  };
  const metrics = 'alertmanager_config_last_reload_successful 1\n';
  test('finds nothing wrong with the rendered configuration', () => {
    expect(judgeAlertmanager(status, metrics, 'route: {receiver: a}')).toBeNull();
  });
  test.each([
    [{ ...status, config: {} }, metrics, /no configuration/],
    [{ ...status, cluster: { status: 'settling' } }, metrics, /settling/],
    [status, 'alertmanager_config_last_reload_successful 0\n', /refused/],
  ])('finds what is wrong', (answer, text, detail) => {
    expect(judgeAlertmanager(answer, text, null)?.detail).toMatch(detail);
  });
  test('names where another configuration runs', () => {
    expect(judgeAlertmanager(status, metrics, 'route: {receiver: b}')?.detail).toContain(
      'route.receiver differs',
    );
  });
});

describe('grafana', () => {
  test('passes the documented health answer', () => {
    expect(judgeHealth(200, '{"database":"ok","version":"12.4.2","commit":"x"}')).toMatchObject({
      status: 'pass',
      detail: 'Grafana 12.4.2 healthy, its database is ok',
    });
  });
  test.each([
    [503, '{"database":"failing"}'],
    [200, '{}'],
    [200, '<html>'],
  ])('fails HTTP %i %s', (status, body) => {
    expect(judgeHealth(status, body).status).toBe('fail');
  });
});

describe('data-source', () => {
  test('finds nothing wrong when Grafana says OK', () => {
    expect(
      judgeDataSourceHealth({
        status: 200,
        body: '{"status":"OK","message":"Successfully queried the Prometheus API."}',
      }),
    ).toBeNull();
  });
  test.each([
    [401, '{"message":"Invalid username or password"}', /refused the admin login/],
    [404, '{"message":"Data source not found"}', /no such data source: Data source not found/],
    [400, '{"status":"ERROR","message":"connection refused"}', /cannot use it: connection refused/],
    [500, 'oops', /HTTP 500/],
  ])('finds what is wrong with HTTP %i', (status, body, detail) => {
    expect(judgeDataSourceHealth({ status, body })?.detail).toMatch(detail);
  });

  const frame = (values: unknown) =>
    JSON.stringify({
      results: {
        A: {
          status: 200,
          frames: [
            {
              schema: {
                fields: [
                  { name: 'Time', type: 'time' },
                  { name: 'Value', type: 'number' },
                ],
              },
              data: { values },
            },
          ],
        },
      },
    });
  test('reads the number of an instant query', () => {
    expect(readQueryAnswer({ status: 200, body: frame([[1_700_000_000_000], [6]]) })).toEqual({ value: 6 });
  });
  test('an empty frame is no data', () => {
    expect(readQueryAnswer({ status: 200, body: frame([[], []]) })).toEqual({ error: 'no data' });
    expect(readQueryAnswer({ status: 200, body: '{"results":{"A":{"frames":[]}}}' })).toEqual({
      error: 'no data',
    });
  });
  test('reads the error of the query, else the status', () => {
    expect(
      readQueryAnswer({ status: 400, body: '{"results":{"A":{"error":"bad expr","status":400}}}' }),
    ).toEqual({ error: 'bad expr' });
    expect(readQueryAnswer({ status: 502, body: 'x' })).toEqual({ error: 'HTTP 502' });
  });
});
