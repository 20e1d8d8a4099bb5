/** `pgmon top` from the command line: whom it shows, and what it says when it cannot. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/host/host.ts';
import { createTestDir, type FakeHostOptions } from '../support/fake-host.ts';
import { type CliOutcome, runCli } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: shop
servers:
  - {name: orders, host: db1.example.com, password: {env: PW}}
  - {name: stock, host: db2.example.com, password: {env: PW}}
`;

const refused: Http = async () => {
  throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9090'), { code: 'ECONNREFUSED' });
};

/** A Prometheus without one sample. */
const empty: Http = async () => ({
  status: 200,
  headers: {},
  body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }),
});

async function top(
  words: readonly string[],
  options: Partial<FakeHostOptions> = {},
  { spec = SPEC } = {},
): Promise<CliOutcome> {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), spec);
  return runCli(['top', ...words], { cwd, http: refused, ...options });
}

describe('pgmon top', () => {
  it('says that Prometheus cannot be asked, and what to run', async () => {
    const outcome = await top(['orders']);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toContain('error: cannot ask the Prometheus of stack shop: connection refused');
    expect(outcome.stderr).toContain('hint: start the stack with `pgmon up`; if it runs, see `pgmon status`');
  });

  it('leaves a terminal alone when the first look fails', async () => {
    const { stdout, stderr } = await top(['orders'], { isTTY: true });
    expect(stdout + stderr).not.toContain('\u001b[?1049h');
  });

  it('says so in JSON too', async () => {
    const { code, stdout } = await top(['orders', '--json']);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'prometheus-not-asked' } });
  });

  it('gives a Prometheus that does not answer some seconds, and asks it nothing more', async () => {
    const asked: string[] = [];
    const hung: Http = ({ body = '', signal }) => {
      asked.push(body);
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
    };
    const startedMs = Date.now();
    const [server, fleet] = await Promise.all([
      top(['orders', '--once'], { http: hung }),
      top(['--once'], { http: hung }),
    ]);
    expect(Date.now() - startedMs).toBeLessThan(10_000);
    for (const { code, stderr } of [server, fleet]) {
      expect(code).toBe(4);
      expect(stderr).toContain('error: cannot ask the Prometheus of stack shop: timeout');
    }
    expect(asked).toHaveLength(2);
  }, 20_000);

  it('ends what else it asks when one answer fails', async () => {
    const signals: AbortSignal[] = [];
    const http: Http = async (request) => {
      if ((request.body ?? '').includes('blks_hit')) return refused(request);
      if (request.signal !== undefined) signals.push(request.signal);
      return empty(request);
    };
    expect((await top(['orders'], { http })).code).toBe(4);
    expect(signals.slice(1).every(({ aborted }) => aborted)).toBe(true);
    expect(signals.length).toBeGreaterThan(1);
  });

  it('names the nearest server for one that the spec has not', async () => {
    const outcome = await top(['order']);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('error: the spec has no server "order"; did you mean "orders"?');
    expect((await top(['x'])).stderr).toContain('name one of orders, stock');
  });

  it('refuses to look more often than each second', async () => {
    const outcome = await top(['orders', '--interval', '100ms']);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('--interval of 0.1s is too short');
  });

  it('refuses an interval for which no timer can wait', async () => {
    const outcome = await top(['orders', '--interval', '1000h']);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('--interval of 1000h is too long');
    expect((await top(['orders', '--interval', '24h'])).code).toBe(4);
  });

  it('prints one plain frame without a terminal, and one with --once', async () => {
    for (const options of [{}, { isTTY: true, env: { NO_COLOR: '1' } }]) {
      const { code, stdout } = await top(['stock', '--once'], { http: empty, ...options });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^stock +2 of 2 {2}\d\d:\d\d:\d\d\n/);
      expect(stdout).toMatch(/\nConnections used +- {2}no sample yet\n/);
      expect(stdout).not.toContain('\u001b');
    }
  });

  it('says why there are no figures of a server that does not answer, or was not asked yet', async () => {
    const jobs = ['postgresql', 'postgresql-slow', 'postgresql-sql'];
    const answering = (series: readonly object[]): Http => {
      const result = series.map((metric) => ({ metric, value: [1, '0'] }));
      const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
      return async (request) =>
        decodeURIComponent(request.body ?? '').includes('up|pg_up')
          ? { status: 200, headers: {}, body }
          : empty(request);
    };
    const up = jobs.map((job) => ({ __name__: 'up', job, instance: 'orders' }));
    const down = await top(['orders'], { http: answering(up) });
    expect(down.stdout).toMatch(/\nNo answer from the server: figures below are its last ones\n/);
    expect(down.stdout).toMatch(/\nReplicas are behind +- {2}the server does not answer\n/);
    const young = await top(['stock'], { http: answering(up) });
    expect(young.stdout).toMatch(/\nNo sample of the server yet\n/);
    expect(young.stdout).toMatch(/\nReplicas are behind +- {2}no sample yet\n/);
    expect(young.stdout).toMatch(/\nWho blocks whom +no sample yet\n/);
    const { stdout } = await top([], { http: answering(up) });
    expect(stdout).toMatch(/\norders +no +/);
    expect(stdout).toMatch(/\nstock +- +/);
    const json = JSON.parse((await top(['orders', '--json'], { http: answering(up) })).stdout);
    expect(json.isUp).toBe(false);
  });

  it('does not say that the stack lacks what Prometheus has not heard of yet', async () => {
    // Every condition holds, as just after the start.
    const holding: Http = async (request) => {
      const body = new URLSearchParams(request.body).get('query') ?? '';
      const result = body.startsWith('absent(') ? [{ metric: {}, value: [1, '1'] }] : [];
      const data = { resultType: 'vector', result };
      return { status: 200, headers: {}, body: JSON.stringify({ status: 'success', data }) };
    };
    const { stdout } = await top(['orders'], { http: holding });
    expect(stdout).toMatch(/\nFiring alerts +no sample yet\n/);
    expect(stdout).not.toMatch(/no SQL exporter|no replica|evaluates no alerts/);
    const off = { spec: `${SPEC}alerting: {engine: grafana}\n` };
    expect((await top(['orders'], { http: holding }, off)).stdout).toMatch(
      /\nFiring alerts +Prometheus evaluates no alerts in this stack\n/,
    );
  });

  it('lists all servers when none is named, also those that Prometheus does not know', async () => {
    const { code, stdout } = await top([], { http: empty });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop {2}2 servers/);
    expect(stdout).toMatch(/\norders +-/);
    expect(stdout).toMatch(/\nstock +-/);
    const { servers, server } = JSON.parse((await top(['--json'], { http: empty })).stdout);
    expect({ servers, server }).toEqual({ servers: ['orders', 'stock'], server: null });
  });

  it('shows a query that Prometheus refuses as the reason, and all else as ever', async () => {
    const http: Http = async (request) =>
      (request.body ?? '').includes('blks_hit')
        ? { status: 400, headers: {}, body: JSON.stringify({ status: 'error', error: 'too many samples' }) }
        : empty(request);
    const { code, stdout } = await top(['orders'], { http });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nCache hits +- {2}Prometheus refuses the query: too many samples\n/);
    expect(stdout).toMatch(/\nConnections used +- {2}no sample yet\n/);
  });
});
