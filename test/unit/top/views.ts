/** Made-up views for tests of the screen. */
import type { Figure, List, ListRow, ServerView, Tally } from '../../../src/top/view.ts';

export function figure(name: string, more: Partial<Figure> = {}): Figure {
  return {
    key: name,
    name,
    dashboard: 'pgmon-overview',
    panel: name,
    unit: 'short',
    value: 3,
    text: '3',
    level: 'neutral',
    course: [0, 1, 2, 3],
    scale: [0, 3],
    reason: null,
    ...more,
  };
}

export function row(...texts: readonly string[]): ListRow {
  return { labels: {}, values: [], cells: texts.map((text) => ({ text, level: 'neutral' })) };
}

export function list(name: string, rows: readonly ListRow[], more: Partial<List> = {}): List {
  const columns = [
    { header: name, isWhole: false, isNumber: false },
    { header: 'Database', isWhole: false, isNumber: false },
    { header: 'Time', isWhole: true, isNumber: true },
  ];
  const reason = rows.length === 0 ? 'none' : null;
  return {
    key: name,
    name,
    dashboard: 'x',
    panel: name,
    columns,
    valueNames: ['Time'],
    rows,
    reason,
    ...more,
  };
}

export function tally(name: string, parts: readonly (readonly [string, number])[]): Tally {
  return {
    key: name,
    name,
    dashboard: 'x',
    panel: name,
    parts: parts.map(([part, value]) => ({ name: part, value, text: String(value) })),
    reason: parts.length === 0 ? 'none' : null,
  };
}

export const VIEW: ServerView = {
  server: 'demo',
  isUp: true,
  facts: [
    { key: 'up', dashboard: 'x', panel: 'up', prefix: '', text: 'up', level: 'ok' },
    { key: 'version', dashboard: 'x', panel: 'about', prefix: 'PostgreSQL', text: '17.5', level: 'neutral' },
  ],
  figures: [
    figure('Connections', { unit: 'percentunit', value: 0.38, text: '38%', level: 'ok' }),
    figure('Transactions', { unit: 'tps', value: 1234, text: '1.2 k/s' }),
    figure('Replication lag', { value: null, text: '-', course: [null], reason: 'no replica is connected' }),
  ],
  tallies: [
    tally('Sessions', [
      ['idle', 30],
      ['active', 7],
    ]),
    tally('Waits', []),
  ],
  lists: [
    list('Alerts', []),
    list('Blocked', [row('4711', 'app', '12 s')]),
    list(
      'Queries',
      Array.from({ length: 12 }, (_, index) => row(`-${1_000_000 + index}`, 'app', `${12 - index} s`)),
    ),
  ],
  atSeconds: 1_780_000_000,
};
