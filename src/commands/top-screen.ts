/** `pgmon top` on a terminal: looks and draws again and again, and does what keys say, until one of them ends it. */
import { createColours, wantsColour } from '../output/colours.ts';
import { openFullScreen } from '../output/full-screen.ts';
import { fleetFrame } from '../top/fleet-frame.ts';
import { frame } from '../top/frame.ts';
import { paintLines } from '../top/paint.ts';
import { pressKey, type ScreenState } from '../top/screen-state.ts';
import type { FleetView, ServerView } from '../top/view.ts';
import { causeOf } from '../verify/causes.ts';
import type { CommandContext } from './context.ts';

export interface TopScreen {
  /** With the answer of the first look. */
  readonly state: ScreenState;
  readonly intervalMs: number;
  readonly look: {
    readonly server: (name: string, signal: AbortSignal) => Promise<ServerView>;
    readonly fleet: (signal: AbortSignal) => Promise<FleetView>;
  };
}

/** A look that takes longer is said to be on its way: figures on the screen are older than they seem. */
const OVERDUE_MS = 3000;

type ScreenContext = Pick<CommandContext, 'host' | 'signal'>;

/** `12:34:56` where this machine is. */
export function clockText(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}

function footerOf({ server, servers }: ScreenState, intervalMs: number): readonly string[] {
  const keys =
    server === null
      ? ['up/down: choose', 'enter: open']
      : servers.length > 1
        ? ['n/p: other server', 'f: all servers']
        : [];
  const queries = server === null ? [] : [`its text: pgmon queries ${server} <queryid>`];
  return ['q: quit', ...keys, 'r: look now', `every ${intervalMs / 1000} s`, ...queries];
}

function troubleText({ trouble, overdueSinceMs }: ScreenState, atSeconds: number | undefined): string | null {
  const old = atSeconds === undefined ? '' : `; figures of ${clockText(atSeconds * 1000)}`;
  if (trouble === null && overdueSinceMs !== null)
    return `No answer from Prometheus yet, asked at ${clockText(overdueSinceMs)}${old}`;
  if (trouble === null) return atSeconds === undefined ? 'looking ...' : null;
  return `No Prometheus since ${clockText(trouble.sinceMs)} (${trouble.words})${old}`;
}

function createPainter({ host }: ScreenContext, intervalMs: number) {
  const colours = createColours(wantsColour(host.stdout, host.env));
  return (state: ScreenState): readonly string[] => {
    const { stack, servers, server, selected, view, fleet } = state;
    const atSeconds = (server === null ? fleet : view)?.atSeconds;
    const around = {
      servers,
      clock: atSeconds === undefined ? '' : clockText(atSeconds * 1000),
      trouble: troubleText(state, atSeconds),
      footer: footerOf(state, intervalMs),
    };
    const size = host.terminal.size();
    if (server === null) return paintLines(fleetFrame(fleet, { ...around, stack, selected }, size), colours);
    const nothing = { server, isUp: true, facts: [], figures: [], tallies: [], lists: [], atSeconds: 0 };
    return paintLines(frame(view ?? nothing, around, size), colours);
  };
}

/** The state after another look; a failure is shown with what was seen before. */
async function lookAgain(
  { host }: ScreenContext,
  state: ScreenState,
  look: TopScreen['look'],
  signal: AbortSignal,
): Promise<ScreenState> {
  try {
    return state.server === null
      ? { ...state, fleet: await look.fleet(signal), trouble: null }
      : { ...state, view: await look.server(state.server, signal), trouble: null };
  } catch (error) {
    if (signal.aborted) throw error;
    const { words } = causeOf(error, 'prometheus');
    return { ...state, trouble: { sinceMs: state.trouble?.sinceMs ?? host.clock.now(), words } };
  }
}

/** Does `work`, and calls `tell` when it takes long. */
async function tellOverdue<T>(
  { clock }: ScreenContext['host'],
  tell: (sinceMs: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const sinceMs = clock.now();
  clock.sleep(OVERDUE_MS, done.signal).then(
    () => {
      if (!done.signal.aborted) tell(sinceMs);
    },
    () => {},
  );
  try {
    return await work();
  } finally {
    done.abort();
  }
}

/** Resolves when a key or the context's signal ends it; the terminal is then as it was before. */
export async function runTopScreen(context: ScreenContext, options: TopScreen): Promise<void> {
  const { host, signal } = context;
  const paint = createPainter(context, options.intervalMs);
  const screen = openFullScreen(host.stdout, host.terminal);
  let state = options.state;
  let isOver = false;
  // Ends a look or a pause early: what it was for has changed.
  let turn = new AbortController();
  const draw = () => screen.draw(paint(state));
  const tell = (overdueSinceMs: number) => {
    state = { ...state, overdueSinceMs };
    draw();
  };
  const onKey = (key: string) => {
    const result = pressKey(state, key);
    if (result.kind === 'nothing') return;
    if (result.kind === 'quit') isOver = true;
    else {
      state = result.state;
      draw();
      if (result.kind === 'redraw') return;
    }
    turn.abort();
  };
  const stops = [
    host.terminal.onResize(draw),
    ...(host.stdin.isTTY ? [host.terminal.onKey(onKey)] : []),
    screen.close,
  ];
  // At once, and not when a running request has noticed: a second signal would end the process.
  signal.addEventListener('abort', screen.close, { once: true });
  try {
    draw();
    for (let isFirst = true; !isOver && !signal.aborted; isFirst = false) {
      turn = new AbortController();
      const either = AbortSignal.any([signal, turn.signal]);
      try {
        if (!isFirst) {
          // Keys may choose another server in the list meanwhile.
          const seen = await tellOverdue(host, tell, () => lookAgain(context, state, options.look, either));
          either.throwIfAborted();
          state = { ...seen, selected: state.selected, overdueSinceMs: null };
        }
        draw();
        await host.clock.sleep(options.intervalMs, either);
      } catch (error) {
        if (!either.aborted) throw error;
      }
    }
  } finally {
    for (const stop of stops) stop();
  }
}
