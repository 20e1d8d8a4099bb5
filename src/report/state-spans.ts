/** Stretches of time in which a series had one state. Pure. */
import type { Point } from '../panels/query-prometheus.ts';

export interface StateSpan {
  readonly startMs: number;
  readonly endMs: number;
  /** The value as text: a key of the panel's words. */
  readonly state: string;
}

/** Equal values side by side are one stretch; each point stands for one step. */
export function stateSpans(points: readonly Point[], stepSeconds: number): readonly StateSpan[] {
  const spans: StateSpan[] = [];
  for (const { seconds, value } of points) {
    const [startMs, state] = [seconds * 1000, String(value)];
    const last = spans.at(-1);
    if (last !== undefined && last.state === state && startMs <= last.endMs + stepSeconds * 500)
      spans[spans.length - 1] = { ...last, endMs: startMs + stepSeconds * 1000 };
    else spans.push({ startMs, endMs: startMs + stepSeconds * 1000, state });
  }
  return spans;
}
