/** How long samples must have come before an expression can have a result. */
import { expect, test } from 'vitest';
import { neededSeconds } from '../../../src/panels/check/sample-times.ts';
import { steadySeconds } from '../../../src/panels/check/steady-jobs.ts';
import { parseExpression } from '../../../src/verify/promql/expression.ts';
import { createStack } from '../../support/stack-fixture.ts';

const stack = createStack({
  scrape: { intervalSeconds: 15, timeoutSeconds: 10, evaluationIntervalSeconds: 20, slowIntervalSeconds: 60 },
});
const rules = {
  records: new Map([
    ['a:rate5m', [parseExpression('rate(pg_stat_database_blks_hit[5m])')]],
    ['b:sum', [parseExpression('sum(a:rate5m) + pg_wal_segments')]],
    ['loop', [parseExpression('loop + pg_up')]],
  ]),
  recordSeconds: new Map([
    ['a:rate5m', 30],
    ['b:sum', null],
    ['loop', 30],
  ]),
};
const needed = (source: string) =>
  Object.fromEntries(neededSeconds({ stack, rules }, parseExpression(source)));

test('two samples of each job that the expression rests on', () => {
  expect(needed('pg_up')).toEqual({ postgresql: 45 });
  expect(needed('pg_up * pgmon_statements_loaded')).toEqual({ postgresql: 45, 'postgresql-sql': 135 });
  expect(needed('up')).toEqual({ prometheus: 45 });
});

test('what is asked every five minutes may be first seen at the second time of asking', () => {
  expect(needed('pgmon_index_size_bytes * pgmon_statements_loaded')).toEqual({ 'postgresql-sql': 435 });
  const quick = createStack({
    scrape: { intervalSeconds: 4, timeoutSeconds: 4, evaluationIntervalSeconds: 4, slowIntervalSeconds: 12 },
  });
  const seconds = neededSeconds({ stack: quick, rules }, parseExpression('pgmon_index_size_bytes'));
  expect(Object.fromEntries(seconds)).toEqual({ 'postgresql-sql': 99 });
});

test('what recording rules take comes on top, through any number of rules', () => {
  expect(needed('a:rate5m')).toEqual({ postgresql: 75 });
  expect(needed('b:sum')).toEqual({ postgresql: 95, 'postgresql-slow': 155 });
  expect(needed('loop')).toEqual({ postgresql: 75 });
});

test('a job is steady since its last gap or failed scrape', () => {
  const points = (values: readonly number[], from = 0) =>
    values.map((value, i) => ({ seconds: from + i * 10, value }));
  expect(steadySeconds(points([1, 1, 1, 1]), 30, 10)).toBe(30);
  expect(steadySeconds(points([1, 0, 1, 1]), 30, 10)).toBe(10);
  expect(steadySeconds([...points([1, 1]), ...points([1, 1], 100)], 110, 10)).toBe(10);
  expect(steadySeconds(points([1, 1, 0]), 20, 10)).toBe(0);
  expect(steadySeconds(points([1, 1]), 100, 10)).toBe(0);
  expect(steadySeconds([], 100, 10)).toBe(0);
});
