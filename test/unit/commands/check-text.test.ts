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

test('says once, with a count, what several failures follow from', () => {
  const results = ['a', 'b', 'c'].map((id) => ({ ...result('fail', 'first fix container/x'), id }));
  const other = { ...result('fail', 'first fix container/y'), id: 'd' };
  const text = formatChecks([...results, other], createColours(false));
  expect(text.split('\n').slice(-6)).toEqual([
    'What to do:',
    '  3 failures: first fix container/x',
    '  d: first fix container/y',
    '',
    '0 passed, 4 failed, 0 skipped',
    '',
  ]);
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

  test('shows alerts that are in order by family, and each one that is not', () => {
    const alert = (subject: string, status: CheckResult['status'], detail: string): CheckResult => ({
      ...result(status, status === 'fail' ? 'turn it on' : null),
      id: `alerts/${subject}`,
      hop: 'alerts',
      subject,
      detail,
    });
    const text = formatChecks(
      [
        alert('wal/A', 'pass', 'live'),
        alert('wal/B', 'pass', 'silent by design: archiving is off'),
        alert('wal/C', 'fail', 'dead: metric x missing, turn on collector y'),
        alert('wal/D', 'pass', 'live'),
        alert('host/E', 'skip', 'not judged: no target of job node is up'),
      ],
      createColours(false),
    );
    expect(text.split('\n').slice(1, 4)).toEqual([
      'alerts  wal      pass    2 live, 1 silent by design',
      'alerts  wal/C    fail    dead: metric x missing, turn on collector y',
      'alerts  host     skip    1 not judged',
    ]);
    expect(text).toContain('3 passed, 1 failed, 1 skipped');
  });

  test('counts the panels of a dashboard, and shows each one that is broken', () => {
    const panel = (subject: string, status: CheckResult['status'], detail: string): CheckResult => ({
      ...result(status, status === 'fail' ? 'report it' : null),
      id: `panels/${subject}`,
      hop: 'panels',
      subject,
      detail,
    });
    const text = formatChecks(
      [
        panel('00-fleet/servers', 'pass', 'data'),
        panel('01-overview/a/cache', 'pass', 'data'),
        panel('01-overview/a/lag', 'pass', 'empty by design: the server is no replica'),
        panel('01-overview/a/locks', 'fail', 'broken: Locks: metric x missing'),
        panel('01-overview/b/cache', 'skip', 'not yet: needs 2 m of samples'),
        panel('9628/3', 'skip', 'empty: Old'),
      ],
      createColours(false),
    );
    expect(text.split('\n').slice(1, 5)).toEqual([
      'panels  00-fleet             pass    1 data',
      'panels  01-overview          pass    1 data, 1 empty by design, 1 not yet',
      'panels  01-overview/a/locks  fail    broken: Locks: metric x missing',
      'panels  9628                 skip    1 empty',
    ]);
  });
});
