/** What a PromQL expression rests on. */
import { describe, expect, test } from 'vitest';
import {
  type Expression,
  parseExpression,
  resolveRecords,
  restsOnAbsence,
  selectorsOf,
} from '../../../src/verify/promql/expression.ts';

/** `all(a, any(b, c))`: short, for comparing. */
function shape(expression: Expression): string {
  return expression.kind === 'selector'
    ? expression.text
    : `${expression.kind}(${expression.parts.map(shape).join(', ')})`;
}
const read = (source: string) => shape(parseExpression(source));

describe('parseExpression', () => {
  test.each([
    ['sum by (instance) (rate(a{x="y"}[5m] offset 1w)) > 0.5', 'a{x="y"}'],
    ['a / on (instance) group_left (l) (b{j="1"} * 0 + 1)', 'all(a, b{j="1"})'],
    ['max_over_time(a[6h:5m]) and on () b == 1', 'all(a, b)'],
    ['predict_linear(a[6h], 4 * 3600) < 0', 'a'],
    ['label_replace(a, "x", "$1", "y", "(.*)")', 'a'],
    ['quantile(0.95, a) > bool 3', 'a'],
  ])('needs every operand of %s', (source, expected) => {
    expect(read(source)).toBe(expected);
  });

  test('needs one side of an `or`', () => {
    expect(read('(a == 0 or b == 0) and c')).toBe('all(any(a, b), c)');
    expect(read('a - (b or a * 0)')).toBe('all(a, any(b, a))');
    expect(read('a or b or c')).toBe('any(any(a, b), c)');
  });

  test('needs only the left of `unless`, and nothing of absent()', () => {
    expect(read('a == 1 unless on (instance) b')).toBe('a');
    expect(read('absent(a) and b')).toBe('b');
    expect(read('absent_over_time(a[5m])')).toBe('all()');
  });

  test('needs nothing for a constant, and keeps it as a side of an `or`', () => {
    expect(read('vector(1)')).toBe('all()');
    expect(read('a or vector(0)')).toBe('any(a, all())');
  });

  test('keeps a selector that names no metric', () => {
    expect(parseExpression('{__name__=~"a|b"}')).toMatchObject({ kind: 'selector', metric: null });
  });

  test('says where the text is no PromQL', () => {
    expect(() => parseExpression('sum by (a) (b{)')).toThrow('no PromQL at character 15: sum by (a) (b{)');
  });
});

describe('resolveRecords', () => {
  const records = new Map([
    ['instance:a:sum', [parseExpression('sum by (instance) (a)')]],
    ['instance:both:sum', [parseExpression('instance:a:sum + b')]],
    ['twice', [parseExpression('c'), parseExpression('d')]],
    ['loop', [parseExpression('loop + e')]],
  ]);
  const resolved = (source: string) => shape(resolveRecords(parseExpression(source), records));

  test('puts what a recording rule rests on in its place, through any number of rules', () => {
    expect(resolved('instance:both:sum > 1')).toBe('all(a, b)');
  });
  test('is content with one of several rules that record one name', () => {
    expect(resolved('twice > 1')).toBe('any(c, d)');
  });
  test('comes to an end where a rule uses itself', () => {
    expect(resolved('loop')).toBe('all(loop, e)');
  });
});

test('selectorsOf lists them in order', () => {
  expect(selectorsOf(parseExpression('a{x="1"} or (b * c)')).map(({ metric }) => metric)).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test.each([
  ['max(a) == 0', false],
  ['a or b', false],
  ['absent(a)', true],
  ['b == 1 and on () absent_over_time(a[5m])', true],
  ['max(b) == 1 unless on () count(a) > 0', true],
  ['vector(1)', true],
])('a result of %s may be there because series are not: %s', (source, expected) => {
  expect(restsOnAbsence(source)).toBe(expected);
});
