/** Looks again at short intervals while an answer is only not there yet. Looks at once first. */
import type { Clock } from '../host/host.ts';

const PAUSE_MS = 400;

/** Repeats `look` until it is settled or the deadline has passed; returns the last value seen. */
export async function settle<T>(
  deps: { readonly clock: Clock; readonly signal: AbortSignal; readonly deadlineMs: number },
  look: () => Promise<{ readonly value: T; readonly isSettled: boolean }>,
): Promise<T> {
  const { clock, signal, deadlineMs } = deps;
  for (;;) {
    const { value, isSettled } = await look();
    const leftMs = deadlineMs - clock.now();
    if (isSettled || leftMs <= 0) return value;
    await clock.sleep(Math.min(PAUSE_MS, leftMs), signal);
  }
}
