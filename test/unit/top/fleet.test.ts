/** The list of all servers, and what keys do in it and beside it. */
import { describe, expect, it } from 'vitest';
import { createColours } from '../../../src/output/colours.ts';
import { widthOf } from '../../../src/output/text-width.ts';
import { fleetFrame, fleetOrder } from '../../../src/top/fleet-frame.ts';
import { paintLines } from '../../../src/top/paint.ts';
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
};

function draw(servers: readonly string[], selected: string | null, rows: number | null): readonly string[] {
  const around = { stack: 'shop', servers, selected, clock: '12:34:56', trouble: null, footer: ['q: quit'] };
  return paintLines(fleetFrame(FLEET, around, { columns: 60, rows }), createColours(false));
}

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
