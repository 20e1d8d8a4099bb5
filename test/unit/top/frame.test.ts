/** The screen of `pgmon top`: it fits whatever size the terminal has, and nothing from outside gets past its place. */
import { describe, expect, it } from 'vitest';
import { createColours } from '../../../src/output/colours.ts';
import { widthOf } from '../../../src/output/text-width.ts';
import { frame, type Surroundings } from '../../../src/top/frame.ts';
import { paintLines } from '../../../src/top/paint.ts';
import type { ServerView } from '../../../src/top/view.ts';
import { list, row, tally, VIEW } from './views.ts';

const AROUND: Surroundings = {
  servers: ['demo', 'other'],
  clock: '12:34:56',
  trouble: null,
  footer: ['q: quit'],
};

const EXPECTED = [
  'demo  up  PostgreSQL 17.5                                      1 of 2  12:34:56',
  'Connections                  38%  ▁▃▆█',
  'Transactions             1.2 k/s  ▁▃▆█',
  'Replication lag                -  no replica is connected',
  'Sessions            idle 30   active 7',
  'Waits               none',
  'Alerts              none',
  'Blocked  Database  Time',
  '4711     app       12 s',
  'Queries   Database  Time',
  ...Array.from(
    { length: 12 },
    (_, index) => `-10000${String(index).padStart(2, '0')}  app       ${`${12 - index} s`.padStart(4)}`,
  ),
  '',
  'q: quit',
];

function draw(view: ServerView, columns: number, rows: number | null, around = AROUND): readonly string[] {
  return paintLines(frame(view, around, { columns, rows }), createColours(false));
}

describe('the frame', () => {
  it('shows server, figures, tallies and lists on 80 by 24', () => {
    expect(draw(VIEW, 80, 24).join('\n')).toBe(EXPECTED.join('\n'));
  });

  it.each([
    [80, 24],
    [200, 60],
    [40, 10],
    [20, 5],
    [3, 2],
    [1, 1],
  ])('never leaves a terminal of %i by %i', (columns, rows) => {
    const lines = draw(VIEW, columns, rows);
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(Math.max(1, columns - 1));
  });

  it('shows every row where the screen has no end, and says how many where it has', () => {
    expect(draw(VIEW, 120, null).filter((line) => line.includes('-10000'))).toHaveLength(12);
    const small = draw(VIEW, 80, 20).join('\n');
    expect(small).toMatch(/Queries.*Time +\d of 12/);
  });

  it('gives room to short lists first, so that a long one hides no other', () => {
    const many = Array.from({ length: 50 }, (_, index) => row(`alert${index}`, 'app', '1 m'));
    const view = { ...VIEW, lists: [list('Alerts', many), ...VIEW.lists.slice(1)] };
    const text = draw(view, 80, 24).join('\n');
    expect(text).toContain('4711');
    expect(text).toContain('-1000000');
  });

  it('says what is wrong above the old figures', () => {
    const trouble = 'No Prometheus since 12:30:15 (connection refused); figures of 12:30:00';
    const lines = draw(VIEW, 100, 24, { ...AROUND, trouble });
    expect(lines[1]).toBe(trouble);
    expect(lines.join('\n')).toContain('1.2 k/s');
  });

  it('says above faded figures that the server does not answer, and leaves alerts as they are', () => {
    const lists = [list('alerts', [row('Down', 'app', '1 m')]), list('Queries', [row('-1', 'app', '1 s')])];
    const lines = frame({ ...VIEW, isUp: false, lists }, AROUND, { columns: 80, rows: 24 });
    const textOf = (line: (typeof lines)[number] | undefined) => line?.map(({ text }) => text).join('');
    expect(textOf(lines[1])).toBe('No answer from the server: figures below are its last ones');
    const tonesOf = (start: string) => {
      const found = lines.find((line) => textOf(line)?.startsWith(start));
      return [...new Set(found?.map(({ tone }) => tone))];
    };
    expect(tonesOf('Connections')).toEqual(['faint']);
    expect(tonesOf('Sessions')).toEqual(['faint']);
    expect(tonesOf('-1')).toEqual(['faint']);
    expect(tonesOf('alerts')).toContain('heading');
  });

  it('says that there is no sample yet, and not that a server does not answer that nobody asked', () => {
    const up = {
      key: 'up',
      dashboard: 'x',
      panel: 'up',
      prefix: '',
      text: 'no answer',
      level: 'critical',
    } as const;
    const lines = draw({ ...VIEW, isUp: null, facts: [up] }, 80, 24);
    expect(lines[0]).toMatch(/^demo +1 of 2/);
    expect(lines[1]).toBe('No sample of the server yet');
  });

  it.each([
    [30, ['demo  up  P… 1 of 2  12:34:56', 'Connections               38%', 'Sessions            idle 30']],
    [20, ['demo  up   12:34:56', 'Connections     38%', 'Sessions    idle 30']],
  ])('keeps values, whole, on a terminal of %i columns', (columns, expected) => {
    const lines = draw(VIEW, columns, 24);
    for (const line of expected) expect(lines).toContain(line);
    expect(lines.find((line) => line.startsWith('Waits'))).toMatch(/ none$/);
    const long = { ...VIEW, lists: [list('Replicas that are behind', [], { reason: 'no replica' })] };
    expect(draw(long, columns, 24).filter((line) => /^Replica.*… no replica$/.test(line))).toHaveLength(1);
  });

  it('counts a wide character as two columns', () => {
    const view = { ...VIEW, lists: [list('Queries', [row('データベース'.repeat(20), '数据库', '1 s')])] };
    const lines = draw(view, 80, 24);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(79);
    expect(lines.find((line) => line.includes('データ'))).toMatch(/… {2}数据库 {5}1 s$/);
  });

  it('lets nothing in a label steer the terminal', () => {
    const hostile = 'a\u001b[2Jb\u0007\r\nc\u009b31md\u202Ee';
    const view = {
      ...VIEW,
      server: hostile,
      tallies: [tally(hostile, [[hostile, 1]])],
      lists: [list('Queries', [row(hostile, hostile, '1 s')]), list(hostile, [], { reason: hostile })],
    };
    const text = draw(view, 200, 24, { ...AROUND, trouble: hostile }).join('\n');
    expect(text).toContain('a?[2Jb? c?31md?e');
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  });

  it('draws without one escape sequence when colours are off, and with them when they are on', () => {
    const lines = frame(VIEW, AROUND, { columns: 80, rows: 24 });
    expect(paintLines(lines, createColours(false)).join('')).not.toContain('\u001b');
    expect(paintLines(lines, createColours(true)).join('')).toContain('\u001b[32m');
  });
});
