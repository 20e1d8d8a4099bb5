/** Sparklines: high is high, nothing is a blank, and noise is not made to look like news. */
import { describe, expect, it } from 'vitest';
import { lowIsBad } from '../../../src/catalog/dashboards/thresholds.ts';
import { scaleOf, sparkline } from '../../../src/top/sparkline.ts';

describe('sparkline', () => {
  it('goes from the lowest to the highest block', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], [0, 7], 10)).toBe('▁▂▃▄▅▆▇█');
  });

  it('keeps the newest where there is no room for all, and blanks where nothing was there', () => {
    expect(sparkline([9, 9, null, 0], [0, 9], 2)).toBe(' ▁');
    expect(sparkline([9], [0, 9], 0)).toBe('');
  });

  it('draws what never changes from zero, and zeros at the bottom', () => {
    expect(sparkline([5, 5], scaleOf([5, 5], 'short', undefined), 9)).toBe('██');
    expect(sparkline([0, 0], scaleOf([0, 0], 'short', undefined), 9)).toBe('▁▁');
  });

  it('scales a share from none to all, and one of which little is bad from where it is critical', () => {
    expect(scaleOf([0.1, 0.2], 'percentunit', undefined)).toEqual([0, 1]);
    expect(scaleOf([0.99, 1], 'percentunit', lowIsBad(0.9, 0.95))).toEqual([0.9, 1]);
    expect(sparkline([1, 0.97, 0.5], [0.9, 1], 9)).toBe('█▆▁');
  });

  it('takes an infinite value as the highest', () => {
    const course = [1, Number.POSITIVE_INFINITY];
    expect(sparkline(course, scaleOf(course, 's', undefined), 9)).toBe('██');
  });
});
