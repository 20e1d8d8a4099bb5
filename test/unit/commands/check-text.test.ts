/** The table that people see. */
import { describe, expect, test } from 'vitest';
import { formatChecks } from '../../../src/commands/check-text.ts';
import { createColours } from '../../../src/output/colours.ts';
import { formatTable } from '../../../src/output/table.ts';
import type { CheckResult } from '../../../src/verify/check-result.ts';

const result = (status: CheckResult['status'], hint: string | null): CheckResult => ({
  id: `exporter/${status}`,
  hop: 'exporter',
  subject: status,
  status,
  detail: `seen ${status}`,
  hint,
  durationMs: 1,
});

describe('formatChecks', () => {
  test('ends with the counts, after what to do about each failure', () => {
    const text = formatChecks(
      [result('pass', null), result('fail', 'start it'), result('skip', null)],
      createColours(false),
    );
    expect(text.split('\n')).toEqual([
      'HOP       SUBJECT  STATUS  DETAIL',
      'exporter  pass     pass    seen pass',
      'exporter  fail     fail    seen fail',
      'exporter  skip     skip    seen skip',
      '',
      'What to do:',
      '  exporter/fail: start it',
      '',
      '1 passed, 1 failed, 1 skipped',
      '',
    ]);
  });
});

describe('formatTable', () => {
  test('cuts only the last column to the width of the terminal', () => {
    const text = formatTable([{ title: 'A' }, { title: 'B' }], [['x'.repeat(30), 'y'.repeat(60)]], {
      width: 60,
    });
    expect(text.split('\n')[1]).toBe(`${'x'.repeat(30)}  ${'y'.repeat(27)}…`);
  });
  test('a cell cannot break the line or steer the terminal', () => {
    expect(formatTable([{ title: 'A' }], [['a\n\u001b[2Jb']], { width: null })).toBe('A\na ?[2Jb\n');
  });
});
