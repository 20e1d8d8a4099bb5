/** `pgmon report` from the command line: what it refuses, and what it writes of a Prometheus with little in it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/host/host.ts';
import { createTestDir, type FakeHostOptions } from '../support/fake-host.ts';
import { type CliOutcome, runCli } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: shop
grafana: {enabled: false}
servers:
  - {name: orders, host: db1.example.com, password: {env: PW}}
  - {name: stock, host: db2.example.com, password: {env: PW}}
`;

const refused: Http = async () => {
  throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9090'), { code: 'ECONNREFUSED' });
};

const answer = (data: unknown) => ({
  status: 200,
  headers: {},
  body: JSON.stringify({ status: 'success', data }),
});

/** Says that one alert fired twice for a while, and is over. */
const withAlert: Http = async (request) => {
  const labels = { alertname: 'PostgreSQLTooManyConnections', severity: 'warning', instance: 'orders' };
  const parameters = new URLSearchParams(request.body);
  const [query, end, step] = ['query', 'end', 'step'].map((name) => parameters.get(name) ?? '');
  if (request.url.includes('/rules')) {
    const annotations = {
      summary: '{{ $value | humanizePercentage }} of {{ $labels.instance }}',
      sql: 'SELECT 1',
    };
    const rule = {
      name: labels.alertname,
      query: 'used > 0.8',
      labels: { severity: 'warning' },
      annotations,
    };
    return answer({ groups: [{ rules: [rule] }] });
  }
  if (query === 'used > 0.8')
    return answer({ result: [{ metric: { instance: 'orders' }, value: [1, '0.875'] }] });
  if (query?.startsWith('max_over_time(ALERTS')) {
    const values = [20, 19, 18, 10].map((steps) => [Number(end) - steps * Number(step), '1']);
    return answer({ result: [{ metric: labels, values }] });
  }
  return prometheus(true)(request);
};

/** Has no sample of anything but `up`, and that only where `hasUp`. */
const prometheus =
  (hasUp: boolean): Http =>
  async ({ url, body }) => {
    if (url.includes('/rules')) return answer({ groups: [] });
    const parameters = new URLSearchParams(body);
    const [start, end] = ['start', 'end'].map((name) => Number(parameters.get(name)));
    const isUp = hasUp && parameters.get('query')?.startsWith('count(up{') === true;
    return answer({
      resultType: 'matrix',
      result: isUp
        ? [
            {
              metric: {},
              values: [
                [start, '2'],
                [end, '2'],
              ],
            },
          ]
        : [],
    });
  };

async function report(
  words: readonly string[],
  options: Partial<FakeHostOptions> = {},
): Promise<CliOutcome & { readonly cwd: string }> {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
  return { cwd, ...(await runCli(['report', ...words], { cwd, http: refused, ...options })) };
}

describe('pgmon report', () => {
  it('says that Prometheus cannot be asked, and what to run', async () => {
    const outcome = await report([]);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toContain('error: cannot ask the Prometheus of stack shop: connection refused');
    expect(outcome.stderr).toContain('hint: start the stack with `pgmon up`; if it runs, see `pgmon status`');
    expect(await readdir(outcome.cwd)).toEqual(['pgmon.yaml']);
  });

  it('gives a Prometheus that does not answer five seconds, once', async () => {
    const asked: (number | undefined)[] = [];
    const http: Http = async ({ timeoutMs }) => {
      asked.push(timeoutMs);
      throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    };
    const outcome = await report([], { http });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('error: cannot ask the Prometheus of stack shop: ');
    expect(asked).toEqual([5000]);
  });

  it('does not ask for all the other panels when Prometheus stops answering', async () => {
    let asked = 0;
    const http: Http = async (request) => {
      asked += 1;
      if (asked > 30) throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
      return prometheus(true)(request);
    };
    const outcome = await report([], { http });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('error: cannot ask the Prometheus of stack shop: ');
    expect(asked).toBeLessThan(60);
  });

  it.each(['1h', '24h', '7d', '90d', '365d', '36500d'])(
    'begins where the data begin with --since %s',
    async (since) => {
      const beginSeconds = Math.floor(Date.now() / 1000) - 1873;
      const http: Http = async (request) => {
        const parameters = new URLSearchParams(request.body);
        const [start = 0, end = 0, step = 0] = ['start', 'end', 'step'].map((name) =>
          Number(parameters.get(name)),
        );
        if (parameters.get('query')?.startsWith('count(up{') !== true) return prometheus(true)(request);
        const grid = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
        const values = grid.filter((seconds) => seconds >= beginSeconds).map((seconds) => [seconds, '1']);
        return answer({ resultType: 'matrix', result: [{ metric: {}, values }] });
      };
      const told = JSON.parse((await report(['--json', '--since', since], { http })).stdout);
      const late = Date.parse(told.from) / 1000 - beginSeconds;
      expect(told.isCut).toBe(true);
      expect(late).toBeGreaterThan(-16);
      expect(late).toBeLessThan(16);
    },
  );

  it('says that there is nothing in the time range', async () => {
    const words = ['--from', '2020-01-31', '--to', '2020-02-01'];
    const outcome = await report(words, { http: prometheus(false) });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain(
      'error: Prometheus has no data from 2020-01-31 00:00 to 2020-02-01 00:00 UTC',
    );
    expect(outcome.stderr).toContain('--since or --from');
  });

  it.each([
    [['--since', '1h', '--from', '2020-01-31'], '--since and --from exclude each other'],
    [['--since', 'soon'], '--since soon is no length of time'],
    [['--from', 'yesterday'], '--from yesterday is no time'],
    [['--to', '2020-13-01'], '--to 2020-13-01 is no time'],
    [['--from', '2026-02-31T08:00'], '--from 2026-02-31T08:00 is no time'],
    [['--server', ''], 'Name a server of the spec, or leave the flag out for all.'],
    [['--from', '2020-01-31T12:00', '--to', '2020-01-31T12:00:30'], 'is shorter than a minute'],
    [['--from', '2999-01-31'], 'begins in the future'],
    [['--server', 'order'], 'the spec has no server "order"; did you mean "orders"?'],
    [['--output', '-', '--json'], '--output - and --json both want stdout'],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await report(words);
    expect(code).toBe(2);
    expect(`${stderr}${stdout.replaceAll('\\"', '"')}`).toContain(message);
  });

  it('writes a file that says that no server was seen, and ends with 0', async () => {
    const outcome = await report(['--output', 'out/report.html', '--since', '2h'], {
      http: prometheus(true),
    });
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.stdout).toMatch(/^out\/report\.html: \d+ kB, /);
    expect(outcome.stdout).toContain('orders: was not seen');
    const html = await readFile(path.join(outcome.cwd, 'out/report.html'), 'utf8');
    expect(html).toContain('<title>PostgreSQL report: shop,');
    expect(html).toContain('no samples');
  });

  it('names the file after the stack and the time when none is named', async () => {
    const { cwd } = await report([], { http: prometheus(true) });
    expect((await readdir(cwd)).join()).toMatch(/pgmon-report-shop-\d{8}-\d{4}\.html/);
  });

  it('goes to stdout with -', async () => {
    const { code, stdout, cwd } = await report(['--output', '-'], { http: prometheus(true) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(await readdir(cwd)).toEqual(['pgmon.yaml']);
  });

  it('is the verdict and the findings with --json, without a file', async () => {
    const { code, stdout, cwd } = await report(['--json', '--server', 'stock'], { http: prometheus(true) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      stack: 'shop',
      file: null,
      servers: [{ name: 'stock', verdict: 'unknown', answered: null }],
      findings: [],
    });
    expect(await readdir(cwd)).toEqual(['pgmon.yaml']);
  });

  it('tells an alert that fired and is over, with the value that it had', async () => {
    const { stdout } = await report(['--json', '--since', '2h'], { http: withAlert });
    const { findings, servers } = JSON.parse(stdout);
    expect(findings).toMatchObject([
      {
        kind: 'alert',
        id: 'PostgreSQLTooManyConnections',
        level: 'warning',
        subject: 'orders',
        title: '87.5% of orders',
        sql: 'SELECT 1',
        isNow: false,
      },
    ]);
    expect(findings[0].steps.length).toBeGreaterThan(2);
    expect(findings[0].occurrences[0].spans).toHaveLength(2);
    expect(servers[0].verdict).toBe('unknown');
  });

  it('shows the five worst of many servers, all that are named, and says what it leaves out', async () => {
    const cwd = await createTestDir();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const servers = names.map(
      (name) => `  - {name: ${name}, host: ${name}.example.com, password: {env: PW}}\n`,
    );
    await writeFile(
      path.join(cwd, 'pgmon.yaml'),
      `apiVersion: pgmon/v1\nname: shop\nservers:\n${servers.join('')}`,
    );
    const of = async (...words: readonly string[]) => {
      const { stdout } = await runCli(['report', '--json', ...words], { cwd, http: prometheus(true) });
      const told: {
        readonly leftOut: readonly string[];
        readonly panelsWithoutData: readonly { readonly place: string | null }[];
      } = JSON.parse(stdout);
      const places = new Set(told.panelsWithoutData.map(({ place }) => place));
      return { shown: names.filter((name) => places.has(name)).join(''), leftOut: told.leftOut.join(' ') };
    };
    const all = await of();
    expect(all.shown).toBe('abcde');
    expect(all.leftOut).toContain('Panels of 2 of 7 servers');
    const named = await of('--server', 'b,c,d,e,f,g');
    expect(named.shown).toBe('bcdefg');
    expect(named.leftOut).toContain('1 of the 7 servers of the stack, because --server names others.');
  });

  it('says when the file cannot be written', async () => {
    const outcome = await report(['--output', 'pgmon.yaml/report.html'], { http: prometheus(true) });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain(
      'error: cannot write pgmon.yaml/report.html: a part of the path is not a directory (ENOTDIR)',
    );
  });
});
