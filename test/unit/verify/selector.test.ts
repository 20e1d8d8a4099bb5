/** Selectors taken apart and put together again. */
import { expect, test } from 'vitest';
import { readSelectorParts, writeSelector } from '../../../src/verify/promql/selector.ts';

test('reads the metric and each matcher as it is written', () => {
  expect(readSelectorParts('pg_up{job="x", instance=~"a{b},c"}')).toEqual({
    metric: 'pg_up',
    matchers: [
      { label: 'job', text: 'job="x"' },
      { label: 'instance', text: 'instance=~"a{b},c"' },
    ],
  });
  expect(readSelectorParts('{__name__=~"a|b"}')).toMatchObject({ metric: null });
});

test.each(['pg_up', 'pg_up{job="x", instance=~"a"}', '{__name__=~"a|b"}'])('writes %s back', (text) => {
  expect(writeSelector(readSelectorParts(text))).toBe(text);
});
