/** Lists as lines: columns that say nothing are left out, numbers stand under each other. */
import { describe, expect, it } from 'vitest';
import { createColours } from '../../../src/output/colours.ts';
import { listLines } from '../../../src/top/list-lines.ts';
import { paintLines } from '../../../src/top/paint.ts';
import { shortValue } from '../../../src/top/short-value.ts';
import { list, row } from './views.ts';

const draw = (...args: Parameters<typeof listLines>) => paintLines(listLines(...args), createColours(false));

describe('a list', () => {
  it('leaves out a column that is empty in every row', () => {
    const rows = [row('PostgreSQLDown', '', '2 min'), row('PostgreSQLLongTransaction', '', '10 s')];
    expect(draw(list('Alert', rows), 9, 79)).toEqual([
      'Alert                       Time',
      'PostgreSQLDown             2 min',
      'PostgreSQLLongTransaction   10 s',
    ]);
    const mixed = [row('PostgreSQLDown', '', '2 min'), row('Deadlocks', 'app', '1 s')];
    expect(draw(list('Alert', mixed), 9, 79)[0]).toBe('Alert           Database   Time');
  });

  it('is its heading with the count when there is one line, and nothing when there is none', () => {
    const rows = [row('a', 'b', '1'), row('c', 'd', '2')];
    expect(draw(list('Alert', rows), 1, 30)).toEqual(['Alert                   0 of 2']);
    expect(draw(list('Alert', rows), 0, 30)).toEqual([]);
  });
});

describe('figures on a screen', () => {
  it('have fewer digits than on a page, unless the panel says how many', () => {
    expect(shortValue(0.0619, 'percentunit', undefined)).toBe('6.2%');
    expect(shortValue(0.0619, 'percentunit', 2)).toBe('6.19%');
    expect(shortValue(1.08, 'short', undefined)).toBe('1');
    expect(shortValue(0.25, 'short', undefined)).toBe('0.25');
    expect(shortValue(2110, 'short', undefined)).toBe('2.11 k');
  });
});
