/** Figures with their units. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../../src/catalog/dashboards/panel.ts';
import { formatValue } from '../../../src/panels/format-value.ts';

const UNITS: readonly Unit[] = [
  'none',
  'short',
  'percentunit',
  's',
  'bytes',
  'Bps',
  'tps',
  'reqps',
  'rowsps',
  'iops',
  'bool_yes_no',
  'dateTimeAsIso',
];

describe('a figure', () => {
  it.each([
    [12, 'none', '12'],
    [0.1234, 'none', '0.12'],
    [1234, 'none', '1234'],
    [1234, 'short', '1.23 k'],
    [5_000_000, 'short', '5 M'],
    [0.9731, 'percentunit', '97.3%'],
    [1, 'percentunit', '100%'],
    [0.000_001, 'percentunit', '<0.01%'],
    [0, 'percentunit', '0%'],
    [0.0125, 's', '12.5 ms'],
    [0.000_04, 's', '40 µs'],
    [0, 's', '0 s'],
    [59, 's', '59 s'],
    [90, 's', '1.5 min'],
    [86_400, 's', '1 d'],
    [-90, 's', '-1.5 min'],
    [1536, 'bytes', '1.5 KiB'],
    [1.25 * 1024 ** 3, 'bytes', '1.25 GiB'],
    [1_500_000, 'Bps', '1.5 MB/s'],
    [3200, 'tps', '3.2 k/s'],
    [0.0039, 'iops', '0.0039/s'],
    [1, 'bool_yes_no', 'yes'],
    [0, 'bool_yes_no', 'no'],
    [1_769_860_800_000, 'dateTimeAsIso', '2026-01-31 12:00:00 UTC'],
  ] as const)('%d of %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('has the decimals that the panel asks for', () => {
    expect(formatValue(0.97, 'percentunit', 2)).toBe('97.00%');
    expect(formatValue(3, 'none', 1)).toBe('3.0');
  });

  it('that has no end is said in words', () => {
    expect(formatValue(Number.POSITIVE_INFINITY, 'bytes')).toBe('infinite');
    expect(formatValue(Number.NaN, 's')).toBe('no data');
  });

  it('is short and never an exponent, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e15, max: 1e15, noNaN: true }),
        fc.constantFrom(...UNITS),
        (value, unit) => {
          const text = formatValue(value, unit);
          expect(text).not.toMatch(/\de[+-]|NaN|undefined|-0(?!\.)\b/);
          expect(text.length).toBeLessThan(30);
        },
      ),
    );
  });
});
