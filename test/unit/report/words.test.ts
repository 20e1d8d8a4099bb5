/** Times, shares and texts as the report writes them. */
import { describe, expect, it } from 'vitest';
import {
  formatLength,
  formatShare,
  formatShortTime,
  formatTime,
  onPaper,
} from '../../../src/report/words.ts';
import { END } from './fixtures.ts';

describe('words of the report', () => {
  it('write times in UTC, the day only where it is another', () => {
    expect(formatTime(END)).toBe('2026-01-31 12:00');
    expect(formatShortTime(END - 3600, END)).toBe('11:00');
    expect(formatShortTime(END - 86_400, END)).toBe('2026-01-30 12:00');
  });

  it.each([
    [45, '45 s'],
    [89, '89 s'],
    [120, '2 min'],
    [3600, '1 h'],
    [11_100, '3 h 05 min'],
    [86_400, '24 h'],
    [187_200, '2 d 4 h'],
    [604_800, '7 d'],
  ])('write %d seconds as %s', (seconds, text) => {
    expect(formatLength(seconds)).toBe(text);
  });

  it.each([
    [1, '100%'],
    [0.999_999, '99.99%'],
    [0.9987, '99.87%'],
    [0.5, '50%'],
    [0.034, '3.4%'],
    [0.001, '0.1%'],
    [0, '0%'],
  ])('never round %d to the whole', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('leave out what nobody can do on paper', () => {
    expect(onPaper('Every server. A click on a name opens it. More.')).toBe('Every server. More.');
    expect(onPaper('Those with alerts come first; a click on a name opens it.')).toBe(
      'Those with alerts come first.',
    );
    expect(onPaper('A click opens it.')).toBe('');
    expect(onPaper('Nothing to change; as it is.')).toBe('Nothing to change; as it is.');
  });
});
