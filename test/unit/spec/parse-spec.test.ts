/** Everything that parseSpec refuses, each with its place and its words; the expected lines stand in the fixtures. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatIssue } from '../../../src/spec/issues.ts';
import { parseWholeSpec } from '../../../src/spec/parse-whole-spec.ts';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const SERVERS = 'servers: [{name: a, host: db.example.com}]\n';

async function linesOf(text: string): Promise<readonly string[]> {
  const result = await parseWholeSpec(text, 'spec.yaml');
  return result.ok ? [] : result.issues.map(formatIssue);
}

function expectedLines(text: string): readonly string[] {
  return [...text.matchAll(/^# expect: (.*)$/gm)].map((match) => `spec.yaml:${match[1]}`);
}

describe('parseSpec refuses', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.startsWith('invalid-'));

  it.each(names)('%s', async (name) => {
    const text = readFileSync(path.join(FIXTURES, name), 'utf8');
    const expected = expectedLines(text);
    expect(expected.length).toBeGreaterThan(0);
    expect(await linesOf(text)).toEqual(expected);
    expect((await linesOf(text)).join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['an empty file', '', '1:1 is empty: `pgmon init` writes a spec to begin with'],
    ['a file of comments', '# nothing\n\n', '1:1 is empty: `pgmon init` writes a spec to begin with'],
    ['a list', '- a\n', '1:1 must be a map that begins with `apiVersion: pgmon/v1`'],
    ['a text', 'hello', '1:1 must be a map that begins with `apiVersion: pgmon/v1`'],
    ['null', '~', '1:1 must be a map that begins with `apiVersion: pgmon/v1`'],
    ['bytes that are not UTF-8', 'name: \uFFFD', '1:7 is not valid UTF-8 here: save the file as UTF-8'],
    ['UTF-16', 'a\0:\0', '1:2 has a NUL byte here: is it UTF-16, or not a text file?'],
    ['a tower of brackets', '['.repeat(100_000), '1:50 is nested deeper than 50 levels'],
    ['a key called __proto__', 'labels: {__proto__: x}', '1:10 `__proto__` cannot be a key'],
  ])('%s', async (_what, text, expected) => {
    expect(await linesOf(text)).toEqual([`spec.yaml:${expected}`]);
  });

  it('a file larger than 16 MiB', async () => {
    expect(await linesOf(`# ${'x'.repeat(16 * 1024 * 1024)}`)).toEqual([
      'spec.yaml:1:1 is larger than 16 MiB',
    ]);
  });

  it('more than 1000 aliases', async () => {
    const aliases = Array.from({ length: 1001 }, () => '*a').join(', ');
    expect((await linesOf(`a: &a x\nb: [${aliases}]\n`)).join()).toMatch(
      /^spec\.yaml:2:\d+ has more than 1000 aliases$/,
    );
  });

  it('contradictions in the same run as what the schema finds', async () => {
    const text = `apiVersion: pgmon/v1\nname: X\nservers:\n  - {name: bad}\n  - {name: a, hots: x}\n  - {name: b}\n`;
    expect(await linesOf(text)).toHaveLength(4);
    expect((await linesOf(text)).at(-1)).toContain('6:5 servers[2]: "b" needs `host`');
  });
});

describe('parseSpec does not blame what follows only from another problem:', async () => {
  const head = `apiVersion: pgmon/v1\nname: x\n${SERVERS}`;

  it.each([
    ['a timeout beside a bad interval', 'scrape: {interval: 60, timeout: 40s}'],
    ['a port beside a bad port', 'prometheus: {port: 0}\ngrafana: {port: 9090}'],
    ['a route beside a bad receiver', 'alerting: {defaultReceiver: r, receivers: [{name: r, teams: x}]}'],
    [
      'an image beside a bad version',
      `images: {grafana: "r.example/g@sha256:${'0'.repeat(64)}"}\nversions: {grafana: x}`,
    ],
  ])('%s', async (_what, text) => {
    expect(await linesOf(head + text)).toHaveLength(1);
  });
});

describe('parseSpec accepts', async () => {
  const head = 'apiVersion: pgmon/v1\nname: x\n';

  it('line breaks as Windows writes them, and a byte order mark', async () => {
    expect(await linesOf(`\uFEFF${head}${SERVERS}`.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it('JSON', async () => {
    const spec = { apiVersion: 'pgmon/v1', name: 'x', servers: [{ name: 'a', host: 'db.example.com' }] };
    expect(await linesOf(JSON.stringify(spec))).toEqual([]);
  });

  it('a few aliases for whole values', async () => {
    const text = `${head}servers:\n  - {name: a, host: h1, labels: &l {team: x}}\n  - {name: b, host: h2, labels: *l}\n`;
    expect(await linesOf(text)).toEqual([]);
  });

  it.each(['localhost', 'db', 'db-1.example.com', '10.0.0.5', '::1', '2001:db8::5', 'db_1'])(
    'the host %s',
    async (host) => {
      expect(await linesOf(`${head}servers: [{name: a, host: ${JSON.stringify(host)}}]`)).toEqual([]);
    },
  );

  it('the same port on two addresses', async () => {
    expect(await linesOf(`${head}${SERVERS}grafana: {port: 9090, bind: 127.0.0.2}`)).toEqual([]);
  });

  it('an image of a private registry with port, tag and digest', async () => {
    const image = `registry.example:5000/mirror/prom/prometheus:v3.5.3@sha256:${'0'.repeat(64)}`;
    expect(await linesOf(`${head}${SERVERS}images: {prometheus: "${image}"}`)).toEqual([]);
  });

  it('a text that YAML 1.1 would read as a boolean, where text is wanted', async () => {
    expect(await linesOf(`${head}environment: no\n${SERVERS}`)).toEqual([]);
  });
});

it('validates 10,000 servers', async () => {
  const server = (i: number) =>
    `  - {name: s${i}, host: db${i}.example.com, password: {env: P${i}}, labels: {team: a}}\n`;
  const servers = Array.from({ length: 10_000 }, (_, i) => server(i)).join('');
  const started = performance.now();
  expect(await linesOf(`apiVersion: pgmon/v1\nname: x\nservers:\n${servers}`)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(5000);
});
