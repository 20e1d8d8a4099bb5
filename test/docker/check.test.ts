/** `check` and `status` against a real stack of one server: healthy, and with one part broken after the other. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli.ts';
import { createHttp } from '../../src/host/node-http.ts';
import type { CheckResult } from '../../src/verify/check-result.ts';
import { observeStatus } from '../../src/verify/stack-status.ts';
import { failing, specOf, surroundings, WRONG_PASSWORD } from '../support/check-spec.ts';
import { createFakeHost, createTestDir } from '../support/fake-host.ts';
import { ensureTestImages } from '../support/images.ts';
import { runCli } from '../support/run-cli.ts';
import { type RunningStack, startStack } from '../support/running-stack.ts';

beforeAll(ensureTestImages);

const PATIENT = { timeout: 60_000 };
const NOT_SENT = 'warning: alerts are shown, not sent: `alerting.receivers` is empty\n';

describe('a stack of one server', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await startStack('check', (name, dir) => specOf(name, dir, {}));
  });
  afterAll(() => stack?.remove());

  test('passes every hop right after its start, before the first scrape', async () => {
    const results = await stack.verify();
    expect([...results.values()].filter(({ status }) => status === 'fail')).toEqual([]);
    expect([...results.keys()]).toEqual(
      expect.arrayContaining([
        'container/prometheus',
        'sql-login/demo',
        'exporter/demo',
        'exporter/demo/slow',
        'exporter/demo/sql',
        'prometheus/prometheus',
        'target/postgresql/demo',
        'target/postgresql-slow/demo',
        'target/postgresql-sql/demo',
        'target/prometheus/prometheus:9090',
        'target/node/node-exporter:9100',
        'alertmanager/alertmanager',
      ]),
    );
    expect(results.get('sql-login/demo')?.detail).toMatch(
      /^PostgreSQL 18\.\d+.*, role pgmon with pg_monitor$/,
    );
    expect([...results.keys()].some((id) => id.startsWith('rules/'))).toBe(true);
    expect(results.get('grafana/grafana')?.status).toBe('skip');
    expect(results.get('data-source/pgmon-prometheus')?.detail).toBe('the stack runs without Grafana');
  });

  test('status sees every service, target and address', async () => {
    const { host, provider } = stack;
    const look = () => observeStatus({ host, provider, signal: new AbortController().signal }, stack);
    const healths = async () => {
      const { targets } = await look();
      return targets.isSeen && targets.value.map(({ health }) => health);
    };
    await expect.poll(healths, PATIENT).toEqual(Array(9).fill('up'));
    const status = await look();
    expect(status.services.map((service) => service.status)).toEqual(
      stack.rendered.services.map(() => 'running'),
    );
    expect(status.services.find(({ service }) => service === 'prometheus')).toMatchObject({
      version: '3.5.3',
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(status.alerts.isSeen).toBe(true);
    expect(status.dataSource).toBeNull();
  });

  const cli = (words: readonly string[]) => runCli([...words, '-o', 'out'], surroundings(stack));

  test('the command prints one JSON document, writes JUnit XML and exits 0', async () => {
    const outcome = await cli(['check', '--json', '--junit', 'check.xml']);
    const document = JSON.parse(outcome.stdout);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(document).toMatchObject({
      schemaVersion: 1,
      command: 'check',
      ok: true,
      stack: stack.name,
      failed: 0,
      skipped: 2,
    });
    expect(document.passed).toBe(document.results.length - 2);
    const xml = readFileSync(path.join(path.dirname(stack.outDir), 'check.xml'), 'utf8');
    expect(xml.match(/<testcase /g)).toHaveLength(document.results.length);
  });

  test('the status command shows each service and target and exits 0', async () => {
    const outcome = await cli(['status']);
    expect(outcome).toMatchObject({ code: 0, stderr: NOT_SENT });
    for (const { name } of stack.rendered.services)
      expect(outcome.stdout).toMatch(new RegExp(`^${name} +running`, 'm'));
    expect(outcome.stdout).toMatch(/^postgresql +demo +up +/m);
  });

  test('status --watch draws again and again until Ctrl-C, then exits as the last look says', async () => {
    const controller = new AbortController();
    const words = ['status', '--watch', '--interval', '200ms', '-o', 'out'];
    const host = createFakeHost({ ...surroundings(stack), signal: controller.signal });
    const watching = run(['node', 'pgmon', ...words], host);
    const drawn = () => host.written.stdout().split(`Stack ${stack.name}`).length;
    await expect.poll(drawn, PATIENT).toBeGreaterThan(3);
    controller.abort();
    expect(await watching).toBe(0);
    expect(host.written.stderr()).toBe(NOT_SENT);
  });

  test('every alert can fire or is silent by design, and the text counts them by family', async () => {
    const outcome = await cli(['check', '--json']);
    const results: readonly CheckResult[] = JSON.parse(outcome.stdout).results;
    const alerts = results.filter(({ hop }) => hop === 'alerts');
    expect(alerts.length).toBeGreaterThan(50);
    expect(alerts.filter(({ status }) => status !== 'pass')).toEqual([]);
    const detailOf = (subject: string) => alerts.find((alert) => alert.subject === subject)?.detail;
    expect(detailOf('availability/PostgreSQLDown')).toBe('live');
    expect(detailOf('stack/Watchdog')).toBe('live');
    expect(alerts.map(({ detail }) => detail)).toContain('silent by design: no replication slot');
    const text = (await cli(['check'])).stdout;
    expect(text).toMatch(/^alerts +availability +pass +\d+ live/m);
    expect(text).toMatch(/^alerts +replication +pass +\d+ live, \d+ silent by design$/m);
    expect(text).not.toContain('PostgreSQLDown');
  });

  test('a JUnit file that cannot be written is an error of the environment', async () => {
    await writeFile(path.join(path.dirname(stack.outDir), 'a-file'), '');
    const outcome = await cli(['check', '--junit', 'a-file/check.xml']);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('cannot write a-file/check.xml');
  });

  test('a wrong password fails the login with that cause and is shown nowhere', async () => {
    const secrets = new Map(stack.secrets).set('servers.demo.password', WRONG_PASSWORD);
    const results = await stack.verify({}, { secrets });
    expect(failing(results)).toEqual(['sql-login/demo']);
    expect(results.get('sql-login/demo')?.detail).toBe('password authentication failed');
    expect(JSON.stringify([...results.values()])).not.toContain(WRONG_PASSWORD);
  });

  test('a spec that was changed but not applied is named with the place that differs', async () => {
    const files = stack.rendered.files.map((file) =>
      file.path === 'prometheus/prometheus.yml'
        ? { ...file, content: file.content.replace('scrape_interval: 2s', 'scrape_interval: 7s') }
        : file,
    );
    const results = await stack.verify({}, { rendered: { ...stack.rendered, files } });
    expect(failing(results)).toEqual(['prometheus/prometheus']);
    expect(results.get('prometheus/prometheus')).toMatchObject({
      detail: 'ready, but it runs another configuration: global.scrape_interval differs',
      hint: 'apply the spec with `pgmon up`',
    });
  });

  test('a refused reload fails although the old configuration still runs', async () => {
    const { id } = await stack.container('prometheus');
    const file = path.join(stack.outDir, 'prometheus/prometheus.yml');
    const good = await stack.host.fs.readText(file);
    const signal = new AbortController().signal;
    await stack.host.fs.writeAtomic(file, `${good}\nnonsense: true\n`);
    await stack.provider.reload(id, signal);
    await expect.poll(async () => failing(await stack.verify()), PATIENT).toEqual(['prometheus/prometheus']);
    expect((await stack.verify()).get('prometheus/prometheus')?.detail).toContain('refused the last reload');
    await stack.host.fs.writeAtomic(file, good);
    await stack.provider.reload(id, signal);
    await expect.poll(async () => failing(await stack.verify()), PATIENT).toEqual([]);
  });

  test('a stopped exporter is the root of what fails after it', async () => {
    const signal = new AbortController().signal;
    const { id } = await stack.container('postgres-exporter');
    await stack.provider.stop(id, signal);
    // When the failed scrapes have come, which takes longer on a machine with much to do.
    await stack.host.clock.sleep(4500);
    await expect
      .poll(async () => failing(await stack.verify()), PATIENT)
      .toEqual([
        'container/postgres-exporter',
        'exporter/demo',
        'target/postgresql/demo',
        'target/postgres-exporter/postgres-exporter:9187',
      ]);
    const results = await stack.verify();
    const status = await cli(['status']);
    const check = await cli(['check']);
    await stack.provider.start(id, signal);
    expect(status.code).toBe(6);
    expect(status.stdout).toMatch(/^postgres-exporter +exited/m);
    expect(check.code).toBe(6);
    expect(check.stdout).toMatch(/\d+ passed, 4 failed, \d+ skipped\n$/);
    expect(results.get('exporter/demo')).toMatchObject({
      detail: 'postgres-exporter: connection refused',
      hint: 'first fix container/postgres-exporter',
    });
    expect(results.get('target/postgresql/demo')?.hint).toBe('first fix container/postgres-exporter');
  });

  test('status calls a server down when only its exporter answers', async () => {
    const signal = new AbortController().signal;
    const { id } = await stack.container('postgres');
    await stack.provider.stop(id, signal);
    const look = async () => (await cli(['status'])).stdout;
    await expect.poll(look, PATIENT).toMatch(/^postgresql +demo +down .*pg_up is 0/m);
    await stack.provider.start(id, signal);
    await expect.poll(look, PATIENT).toMatch(/^postgresql +demo +up /m);
  });

  test('a stopped Prometheus is the root of what fails after it, and status still shows the rest', async () => {
    const { host, provider } = stack;
    const signal = new AbortController().signal;
    const { id } = await stack.container('prometheus');
    await provider.stop(id, signal);
    const results = await stack.verify();
    const status = await observeStatus({ host, provider, signal }, stack);
    await provider.start(id, signal);
    expect(results.get('prometheus/prometheus')).toMatchObject({
      status: 'fail',
      hint: 'first fix container/prometheus',
    });
    expect(results.get('target/postgresql/demo')).toMatchObject({
      detail: 'Prometheus does not tell: connection refused',
      hint: 'first fix container/prometheus',
    });
    expect(results.get('exporter/demo')?.status).toBe('pass');
    expect(status.targets).toEqual({ isSeen: false, reason: 'prometheus: connection refused' });
    expect(status.services.find(({ service }) => service === 'prometheus')?.status).toBe('exited');
    expect(status.services.find(({ service }) => service === 'postgres')?.status).toBe('running');
  });
});

test('a stack that is not up is called so, with the next command', async () => {
  const dir = await createTestDir();
  await specOf(`pgmon-test-absent-${process.pid}`, dir, {});
  const env = { DOCKER_HOST: process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock' };
  const options = { cwd: dir, env, http: createHttp() };
  for (const command of ['status', 'check']) {
    expect(await runCli([command], options)).toMatchObject({
      code: 6,
      stdout: expect.stringMatching(/^Stack \S+ is not up\. Start it with: pgmon up\n$/),
    });
  }
  const check = JSON.parse((await runCli(['check', '--json'], options)).stdout);
  expect(check).toMatchObject({ ok: false, passed: 0 });
  expect(check.results[0]).toMatchObject({ id: 'container/postgres', detail: 'no container' });
});
