import { describe, expect, it } from 'vitest';
import { combinedStatement, splitRows } from '../../../src/sql-exporter/combined-statement.ts';
import { readSamples } from '../../../src/sql-exporter/read-samples.ts';

const QUERY = {
  labels: ['shop'],
  metrics: [{ name: 'open', help: 'Open.', type: 'gauge' as const }],
};
const valuesOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  readSamples(QUERY, rows, { datname: 'app' }).flatMap(({ samples }) => samples);

describe('rows become samples', () => {
  it('takes numbers, numeric text and booleans', () => {
    const rows = [
      { shop: 'a', open: 3 },
      { shop: 'b', open: '9007199254740991.0' },
      { shop: 'c', open: true },
      { shop: 'd', open: 'NaN' },
      { shop: 'e', open: 'Infinity' },
    ];
    const infinity = Number.POSITIVE_INFINITY;
    expect(valuesOf(rows).map(({ value }) => value)).toEqual([
      3,
      9_007_199_254_740_991,
      1,
      Number.NaN,
      infinity,
    ]);
    expect(valuesOf(rows)[0]?.labels).toEqual({ datname: 'app', shop: 'a' });
  });

  it('gives no sample for NULL and no label for a NULL label', () => {
    expect(valuesOf([{ shop: 'a', open: null }])).toEqual([]);
    expect(valuesOf([{ shop: null, open: 1 }])).toEqual([{ labels: { datname: 'app' }, value: 1 }]);
  });

  it.each([
    ['text', [{ shop: 'a', open: 'soon, secret' }], 'column "open" is not a number'],
    ['empty text', [{ shop: 'a', open: '' }], 'column "open" is not a number'],
    ['a missing column', [{ open: 1 }], 'the result has no column "shop"'],
    ['an inherited property', [{ shop: 'a' }], 'the result has no column "open"'],
    [
      'repeated labels',
      [
        { shop: 'a', open: 1 },
        { shop: 'a', open: 2 },
      ],
      'two rows have the same labels',
    ],
  ])('refuses %s without repeating a value', (_what, rows, message) => {
    expect(() => valuesOf(rows)).toThrow(message);
  });
});

describe('the combined statement', () => {
  it('ends comments of a query before its own text goes on', () => {
    const sql = combinedStatement([{ sql: 'SELECT 1 AS a -- one' }, { sql: 'SELECT 2 AS b' }]);
    expect(sql).toContain('-- one\n) AS q\nUNION ALL\nSELECT 1 AS part');
  });

  it('gives each query its own rows', () => {
    const rows = [
      { part: 1, content: '{"b":2}' },
      { part: 0, content: '{"a":1}' },
    ];
    expect(splitRows(3, rows)).toEqual([[{ a: 1 }], [{ b: 2 }], []]);
  });
});
