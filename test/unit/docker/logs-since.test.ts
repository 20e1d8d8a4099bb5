import { expect, test } from 'vitest';
import { parseSince } from '../../../src/commands/logs.ts';

const NOW_MS = Date.UTC(2026, 0, 2);

test.each([
  ['90s', NOW_MS / 1000 - 90],
  ['10m', NOW_MS / 1000 - 600],
  ['1.5h', NOW_MS / 1000 - 5400],
  ['1d', Date.UTC(2026, 0, 1) / 1000],
  ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1) / 1000],
])('--since %s', (text, seconds) => {
  expect(parseSince(text, NOW_MS)).toBe(seconds);
});

test.each(['yesterday', '10', '', '2026-13-01', '10x'])('--since %j is refused with an example', (text) => {
  expect(() => parseSince(text, NOW_MS)).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('10m') }),
  );
});
