/** Whatever stands in a file: parseSpec answers, points into the file, repeats no secret. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { normaliseSpec, parseSpec } from '../../../src/spec/parse-spec.ts';
import { resolveStack } from '../../../src/spec/resolve-stack.ts';
import { writeSpec } from '../../../src/spec/write-spec.ts';
import { findYamlProblems } from '../../../src/spec/yaml-problems.ts';
import { EMPTY_LOCK } from '../../../src/stack/lock.ts';

const VALID = {
  apiVersion: 'pgmon/v1',
  name: 'x',
  servers: [
    {
      name: 'a',
      host: 'db.example.com',
      password: { env: 'P' },
      tls: { ca: 'ca.pem' },
      labels: { team: 'x' },
    },
  ],
  prometheus: { basicAuth: { password: { generate: true } } },
  alerting: {
    defaultReceiver: 'r',
    receivers: [{ name: 'r', slack: { url: { env: 'X' }, channel: '#x' } }],
    routes: [{ receiver: 'r', match: { severity: 'critical' } }],
  },
};

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const children = Array.isArray(value)
    ? value.map((child, i) => [i, child] as const)
    : Object.entries(value);
  return [path, ...children.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

function replaceAt(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root)) return root.map((child, i) => (i === key ? replaceAt(child, rest, value) : child));
  const map = root as Readonly<Record<string, unknown>>;
  return { ...map, [key]: replaceAt(map[key], rest, value) };
}

/** Parses, and checks what must hold for every answer. */
function parse(text: string): ReturnType<typeof parseSpec> {
  const first = parseSpec(text, 'f');
  if (first.ok) return first;
  const more = first.isSyntax ? findYamlProblems(normaliseSpec(text), 'f') : [];
  const result = { ...first, issues: [...first.issues, ...more] };
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
  expect(result.issues.length).toBeGreaterThan(0);
  for (const { line, column, message } of result.issues) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 2);
    expect(message).not.toMatch(/undefined|\[object|Invalid input/);
  }
  return result;
}

const yamlish = fc.string({
  unit: fc.constantFrom(...'ab:-?[]{}&*!|>\'"%@`#,\n \t~<=0123é\u2028'),
  maxLength: 60,
});

describe('parseSpec', { timeout: 30_000 }, () => {
  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), yamlish), (text) => void parse(text)),
      { numRuns: 200 },
    );
  });

  it('answers for a valid spec with any text put in somewhere', () => {
    const whole = stringify(VALID);
    const position = fc.nat(whole.length);
    fc.assert(
      fc.property(position, yamlish, (at, text) => void parse(whole.slice(0, at) + text + whole.slice(at))),
      { numRuns: 200 },
    );
  });

  it('answers for a valid spec with any value put in anywhere', () => {
    const property = fc.property(fc.constantFrom(...pathsOf(VALID)), fc.jsonValue(), (path, value) => {
      const result = parse(JSON.stringify(replaceAt(VALID, path, value), null, 2));
      if (result.ok) resolveStack(result.document, { specDir: '/d', lock: EMPTY_LOCK, without: [] });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('does not repeat a text that stands where a secret or a receiver should', () => {
    const places: readonly Path[] = [
      ['servers', 0, 'password'],
      ['servers', 0, 'password', 'env'],
      ['servers', 0, 'password', 'value'],
      ['prometheus', 'basicAuth'],
      ['prometheus', 'basicAuth', 'password'],
      ['alerting', 'receivers', 0, 'slack'],
      ['alerting', 'receivers', 0, 'slack', 'url'],
      ['alerting', 'receivers', 0],
    ];
    const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019!$%/:@?= '), minLength: 3, maxLength: 30 });
    const property = fc.property(fc.constantFrom(...places), secret, (path, noise) => {
      const text = `s3cr${noise}t`;
      const result = parse(JSON.stringify(replaceAt(VALID, path, text)));
      const messages = result.ok
        ? ''
        : result.issues.map(({ path, message }) => `${path} ${message}`).join('\n');
      expect(messages).not.toContain('s3cr');
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('writeSpec', { timeout: 30_000 }, () => {
  it('writes what parseSpec reads back, for any answer that the spec allows', () => {
    const word = fc.oneof(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.constantFrom(
        'yes',
        'no',
        'null',
        '1',
        '1e3',
        '0x1',
        '~',
        'a: b',
        '# c',
        '{{x}}',
        '$x',
        '"',
        "'",
        '*a',
        '12:30',
      ),
    );
    const answers = fc.record({ database: word, user: word, environment: word, file: word });
    const property = fc.property(answers, ({ database, user, environment, file }) => {
      const password = { kind: 'file', value: file } as const;
      const server = {
        kind: 'existing',
        host: 'db1.example.com',
        port: 5432,
        database,
        user,
        password,
      } as const;
      const text = writeSpec({
        name: 'x',
        runtime: 'docker',
        environment,
        server,
        webhookUrl: null,
        hasGrafana: true,
      });
      const result = parse(text);
      if (!result.ok) return;
      expect(result.document.spec.servers).toMatchObject([{ database, user, password: { file } }]);
      expect(result.document.spec.environment).toBe(environment);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
