/** Turns Ctrl-C into one AbortSignal: the first asks to stop and roll back, a later one ends the process at once. */
import { setMaxListeners } from 'node:events';
import { CancelledError } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm and npx pass a Ctrl-C on to a child that the terminal has already told; such an echo is not a second wish. */
const ECHO_MS = 500;

export interface InterruptController {
  readonly signal: AbortSignal;
  /** Ends the run as the first Ctrl-C does. */
  abort(): void;
}

/** Listens on `process` for the rest of its life. The second signal ends it as an unhandled SIGINT does (130 in a shell). */
export function createInterruptController(process: NodeJS.Process): InterruptController {
  const controller = new AbortController();
  // Every request that is under way listens to it; there is no leak to warn of.
  setMaxListeners(0, controller.signal);
  let firstAtMs: number | null = null;
  const abort = () => {
    firstAtMs ??= Date.now();
    controller.abort(new CancelledError());
  };
  const onSignal = () => {
    if (firstAtMs === null) return abort();
    if (Date.now() - firstAtMs < ECHO_MS) return;
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, 'SIGINT');
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, abort };
}
