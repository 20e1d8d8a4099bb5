/** What is on the screen of `pgmon top`, and what keys make of it. Pure. */
import { fleetOrder } from './fleet-frame.ts';
import type { FleetView, ServerView } from './view.ts';

export interface ScreenState {
  readonly stack: string;
  /** All of the stack, in the order of the spec; at least one. */
  readonly servers: readonly string[];
  /** Null = the list of all servers is shown. */
  readonly server: string | null;
  /** In the list, the server that Enter opens. */
  readonly selected: string;
  /** Of `server`; null until the first look at it has come back. */
  readonly view: ServerView | null;
  readonly fleet: FleetView | null;
  /** Why the last look failed, and since when looks fail; null when it did not. */
  readonly trouble: { readonly sinceMs: number; readonly words: string } | null;
  /** When the look began that should have come back by now; null when none is overdue. */
  readonly overdueSinceMs: number | null;
}

export type KeyResult =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'quit' }
  /** The screen changes; nothing new has to be asked. */
  | { readonly kind: 'redraw'; readonly state: ScreenState }
  /** Prometheus is to be asked at once. */
  | { readonly kind: 'look'; readonly state: ScreenState };

const QUIT = new Set(['q', 'Q', 'ctrl-c', 'ctrl-d']);
const AGAIN = new Set(['r', 'space']);
const STEPS: Readonly<Record<string, number>> = { n: 1, right: 1, tab: 1, p: -1, left: -1 };
const MOVES: Readonly<Record<string, number>> = { down: 1, j: 1, n: 1, up: -1, k: -1, p: -1 };

/** Of a look that begins. */
const FRESH = { trouble: null, overdueSinceMs: null } as const;

/** The neighbour in a ring. */
function step(all: readonly string[], from: string, by: number): string {
  return all[(all.indexOf(from) + by + all.length) % all.length] ?? from;
}

function open(state: ScreenState, server: string): KeyResult {
  return { kind: 'look', state: { ...state, server, selected: server, view: null, ...FRESH } };
}

function pressInFleet(state: ScreenState, key: string): KeyResult {
  const { servers, selected, fleet } = state;
  if (key === 'return' || key === 'enter' || key === 'right') return open(state, selected);
  const by = MOVES[key];
  if (by === undefined) return { kind: 'nothing' };
  return { kind: 'redraw', state: { ...state, selected: step(fleetOrder(servers, fleet), selected, by) } };
}

/** `key` as `Terminal.onKey` names it. */
export function pressKey(state: ScreenState, key: string): KeyResult {
  if (QUIT.has(key)) return { kind: 'quit' };
  if (AGAIN.has(key)) return { kind: 'look', state };
  const { servers, server } = state;
  if (server === null) return pressInFleet(state, key);
  if (servers.length === 1) return { kind: 'nothing' };
  if (key === 'f' || key === 'escape')
    return { kind: 'look', state: { ...state, server: null, selected: server, ...FRESH } };
  const by = STEPS[key];
  return by === undefined ? { kind: 'nothing' } : open(state, step(servers, server, by));
}
