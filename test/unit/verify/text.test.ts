/** Small readers and writers of text: metrics, spans of time, secrets taken out. */
import { describe, expect, test } from 'vitest';
import { createScrubber } from '../../../src/stack/scrubber.ts';
import { oneLine } from '../../../src/verify/clean-text.ts';
import { durationMs, formatSpan, instantMs } from '../../../src/verify/duration.ts';
import { samplesOf, sampleValue } from '../../../src/verify/exposition.ts';

describe('samplesOf', () => {
  test('reads labels with escapes and braces, exponents and timestamps', () => {
    const text = '# HELP a x\na{l="q\\"}\\n",m="\\\\"} 1.5e+09 1700000000000\nab 2\na 3\n';
    expect(samplesOf(text, ['a'])).toEqual([
      { name: 'a', labels: { l: 'q"}\n', m: '\\' }, value: 1.5e9 },
      { name: 'a', labels: {}, value: 3 },
    ]);
  });
  test('a metric that is not there has no value', () => {
    expect(sampleValue(samplesOf('b 1\n', ['a', 'b']), 'a')).toBeNull();
  });
});

describe('time', () => {
  test.each([
    ['15s', 15_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1y', 31_536_000_000],
  ])('%s is %i ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
  test.each(['', '15', 's', '15s ', 'rules/1m'])('%j is no span', (text) => {
    expect(durationMs(text)).toBeNull();
  });
  test("Go's zero time is no instant", () => {
    expect(instantMs('0001-01-01T00:00:00Z')).toBeNull();
    expect(instantMs('2026-01-31T12:00:00.123456789Z')).toBe(Date.parse('2026-01-31T12:00:00.123Z'));
  });
  test.each([
    [-5, '0 ms'],
    [999, '999 ms'],
    [4200, '4.2 s'],
    [180_000, '3 m'],
    [18_000_000, '5 h'],
    [172_800_000, '2 d'],
  ])('%i ms reads %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text);
  });
});

describe('createScrubber', () => {
  test('hides every secret, the longer of two nested ones first', () => {
    expect(createScrubber(['hunter2', 'hunter2-long'])('a hunter2-long b hunter2')).toBe('a *** b ***');
  });
  test('hides them also as a URL or a quoted string spells them', () => {
    const scrub = createScrubber(['p@ss "word"']);
    expect(scrub('postgresql://u:p%40ss%20%22word%22@db, password="p@ss \\"word\\""')).toBe(
      'postgresql://u:***@db, password="***"',
    );
  });
  test('leaves short values and PEM texts, which would only garble', () => {
    expect(createScrubber(['on', '-----BEGIN CERTIFICATE-----'])('on -----BEGIN CERTIFICATE-----')).toBe(
      'on -----BEGIN CERTIFICATE-----',
    );
  });
});

test('oneLine flattens control characters and ends in time', () => {
  expect(oneLine('a\r\nb\u001b[2Jc')).toBe('a b [2Jc');
  expect(oneLine('x'.repeat(1000))).toHaveLength(400);
});
