/** The list of all servers, and what keys do in it and beside it. */
import { describe, expect, it } from 'vitest';
import { createColours } from '../../../src/output/colours.ts';
import { widthOf } from '../../../src/output/text-width.ts';
import type { Series } from '../../../src/panels/query-prometheus.ts';
import { findPanel } from '../../../src/top/find-panel.ts';
import { fleetFrame, fleetOrder } from '../../../src/top/fleet-frame.ts';
import { paintLines } from '../../../src/top/paint.ts';
import { FLEET as FLEET_PLACE } from '../../../src/top/places.ts';
import { readList, withUp } from '../../../src/top/read-list.ts';
import { pressKey, type ScreenState } from '../../../src/top/screen-state.ts';
import type { FleetView } from '../../../src/top/view.ts';
import { list, row } from './views.ts';

const SERVERS = ['app1', 'app2', 'app3'];
const FLEET: FleetView = {
  // Prometheus sorts by alerts, knows a server that has left the spec, and does not know app1 yet.
  list: list(
    'Servers',
    ['gone', 'app3', 'app2'].map((name) => ({ ...row(name, 'x', '1'), labels: { instance: name } })),
  ),
  atSeconds: 1_780_000_000,
};
const STATE: ScreenState = {
  stack: 'shop',
  servers: SERVERS,
  server: null,
  selected: 'app3',
  view: null,
  fleet: FLEET,
  trouble: null,
  overdueSinceMs: null,
};

function draw(servers: readonly string[], selected: string | null, rows: number | null): readonly string[] {
  const around = { stack: 'shop', servers, selected, clock: '12:34:56', trouble: null, footer: ['q: quit'] };
  return paintLines(fleetFrame(FLEET, around, { columns: 60, rows }), createColours(false));
}

const series = (labels: Series['labels'], value: number): Series => ({
  labels,
  points: [{ seconds: 1, value }],
});

function press(state: ScreenState, ...keys: readonly string[]): ScreenState {
  return keys.reduce((at, key) => {
    const result = pressKey(at, key);
    return result.kind === 'redraw' || result.kind === 'look' ? result.state : at;
  }, state);
}

describe('the list of servers', () => {
  it('keeps the order of the panel, adds servers without figures and leaves strangers out', () => {
    expect(fleetOrder(SERVERS, FLEET)).toEqual(['app3', 'app2', 'app1']);
    expect(draw(SERVERS, 'app2', null)).toEqual([
      'shop  3 servers                                    12:34:56',
      'Servers  Database  Time',
      '  app3   x            1',
      '> app2   x            1',
      '  app1   -            -',
      'q: quit',
    ]);
  });

  it('always shows the selected one of many, on the smallest terminal', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `server${index}`);
    for (const selected of ['server0', 'server500', 'server999']) {
      const lines = draw(many, selected, 10);
      expect(lines).toHaveLength(10);
      expect(lines.filter((line) => line.startsWith(`> ${selected} `))).toHaveLength(1);
      expect(Math.max(...lines.map(widthOf))).toBeLessThan(60);
    }
  });
});

describe('whether servers are up', () => {
  const pulses = new Map([
    ['app1', { isUp: false, isYoung: false }],
    ['app2', { isUp: true, isYoung: false }],
    ['app3', { isUp: null, isYoung: true }],
  ]);
  const known = series({ instance: 'app2', role: 'primary' }, 0);

  it('is told by their last scrape where the recording rule has nothing yet', () => {
    const empty = readList(FLEET_PLACE, findPanel(FLEET_PLACE), [], 'no data');
    const filled = withUp(empty, FLEET_PLACE, pulses);
    expect(filled.reason).toBeNull();
    expect(filled.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
      [
        { text: 'app1', level: 'neutral' },
        { text: 'no', level: 'critical' },
      ],
      [
        { text: 'app2', level: 'neutral' },
        { text: 'yes', level: 'ok' },
      ],
      [
        { text: 'app3', level: 'neutral' },
        { text: '-', level: 'neutral' },
      ],
    ]);
  });

  it('is what the panel says where it says it, and its rows keep their order', () => {
    const list = readList(FLEET_PLACE, findPanel(FLEET_PLACE), [[known]], null);
    const [first, ...others] = withUp(list, FLEET_PLACE, pulses).rows;
    expect(first?.labels).toEqual({ instance: 'app2', role: 'primary' });
    expect(first?.cells[1]?.text).toBe('no');
    expect(others.map(({ labels }) => labels.instance)).toEqual(['app1', 'app3']);
  });
});

describe('keys', () => {
  it('move the choice in the order that is shown, round the ends, and Enter opens it', () => {
    expect(press(STATE, 'down').selected).toBe('app2');
    expect(press(STATE, 'up').selected).toBe('app1');
    expect(press(STATE, 'down', 'return')).toMatchObject({ server: 'app2', view: null });
  });

  it('go to the next and the previous server in the order of the spec, and back to the list', () => {
    const opened = press(STATE, 'return');
    expect(opened.server).toBe('app3');
    expect(press(opened, 'n').server).toBe('app1');
    expect(press(opened, 'left').server).toBe('app2');
    expect(press(opened, 'n', 'f')).toMatchObject({ server: null, selected: 'app1' });
  });

  it('forget with another server what was said of the look at the last one', () => {
    const late = { ...STATE, overdueSinceMs: 5 };
    expect(press(late, 'down').overdueSinceMs).toBe(5);
    expect(press(late, 'return').overdueSinceMs).toBeNull();
  });

  it.each(['q', 'ctrl-c', 'ctrl-d'])('%s quits everywhere', (key) => {
    expect(pressKey(STATE, key).kind).toBe('quit');
    expect(pressKey({ ...STATE, server: 'app1' }, key).kind).toBe('quit');
  });

  it('do nothing that makes no sense', () => {
    const alone = { ...STATE, servers: ['app1'], server: 'app1', selected: 'app1' };
    for (const key of ['n', 'p', 'f', 'escape', 'x', 'up', ''])
      expect(pressKey(alone, key).kind).toBe('nothing');
    expect(pressKey(alone, 'r').kind).toBe('look');
  });
});
