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

async function top(words: readonly string[], options: Partial<FakeHostOptions> = {}): Promise<CliOutcome> {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
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
      expect(stdout).toMatch(/\nConnections used +- {2}no data\n/);
      expect(stdout).not.toContain('\u001b');
    }
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
    expect(stdout).toMatch(/\nConnections used +- {2}no data\n/);
  });
});
