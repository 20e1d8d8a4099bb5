import { describe, expect, it } from 'vitest';
import { writeMetrics } from '../../../src/sql-exporter/write-metrics.ts';
import { samplesOf } from '../../../src/verify/exposition.ts';

const family = (value: number, labels: Readonly<Record<string, string>> = {}) => ({
  name: 'm',
  help: 'Some figure.',
  type: 'gauge' as const,
  samples: [{ labels, value }],
});

describe('the text format', () => {
  it('has one head for each name, whoever gives samples for it', () => {
    const text = writeMetrics([family(1, { a: 'x' }), { ...family(2), name: 'n' }, family(3, { a: 'y' })]);
    expect(text).toBe(
      '# HELP m Some figure.\n# TYPE m gauge\nm{a="x"} 1\nm{a="y"} 3\n# HELP n Some figure.\n# TYPE n gauge\nn 2\n',
    );
  });

  it('keeps hostile label values inside their quotes', () => {
    const hostile = 'a"b\\c\nd} 9\nfake{x="1"} 2\ud800';
    const text = writeMetrics([family(1, { db: hostile })]);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain('m{db="a\\"b\\\\c\\nd} 9\\nfake{x=\\"1\\"} 2\ufffd"} 1\n');
    expect(samplesOf(text, ['m'])).toEqual([
      expect.objectContaining({ labels: { db: hostile.replace('\ud800', '\ufffd') }, value: 1 }),
    ]);
    expect(samplesOf(text, ['fake'])).toEqual([]);
  });

  it('keeps help texts on one line', () => {
    expect(writeMetrics([{ ...family(1), help: 'a\nb\\' }])).toContain('# HELP m a\\nb\\\\\n');
  });

  it.each([
    [9_007_199_254_740_991, '9007199254740991'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(writeMetrics([family(value)])).toContain(`\nm ${text}\n`);
  });

  it('leaves out labels without a value and families without samples', () => {
    expect(writeMetrics([family(1, { a: '', b: 'x' })])).toContain('m{b="x"} 1\n');
    expect(writeMetrics([{ ...family(1), samples: [] }])).toBe('');
  });
});
