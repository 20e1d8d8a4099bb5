/** Text is cut and filled by the columns that it takes, never in the middle of a character. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, fitToWidth, widthOf } from '../../../src/output/text-width.ts';

describe('text on a terminal', () => {
  it('is cut with a mark, and left alone when it fits', () => {
    expect(cutToWidth('abcdef', 4)).toBe('abc…');
    expect(cutToWidth('abcd', 4)).toBe('abcd');
    expect(cutToWidth('abcd', 0)).toBe('');
  });

  it('counts wide characters twice and accents not at all', () => {
    expect(cutToWidth('数据库', 5)).toBe('数据…');
    expect(cutToWidth('数据库', 4)).toBe('数…');
    expect(cutToWidth('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  });

  it('fills to the width on either side', () => {
    expect(fitToWidth('数', 4)).toBe('数  ');
    expect(fitToWidth('12', 4, 'right')).toBe('  12');
  });

  it('takes exactly the width, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 20 }), (text, width) => {
        expect(widthOf(fitToWidth(text, width))).toBe(width);
      }),
    );
  });
});
