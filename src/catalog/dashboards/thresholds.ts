/** From which value on a figure is bad. Colours are the presentation's business. */

export type Level = 'ok' | 'warning' | 'critical' | 'neutral';

/** Steps in rising order; the first has no lower bound. A value belongs to the last step that is not above it. */
export interface Thresholds {
  readonly steps: readonly { readonly from: number | null; readonly level: Level }[];
}

/** Great values are bad: warning from the first, critical from the second. */
export function highIsBad(warning: number, critical: number): Thresholds {
  return {
    steps: [
      { from: null, level: 'ok' },
      { from: warning, level: 'warning' },
      { from: critical, level: 'critical' },
    ],
  };
}

/** Small values are bad: critical below the first, warning below the second. */
export function lowIsBad(critical: number, warning: number): Thresholds {
  return {
    steps: [
      { from: null, level: 'critical' },
      { from: critical, level: 'warning' },
      { from: warning, level: 'ok' },
    ],
  };
}

/** Anything from this value on is one thing to look at: a blocked session, a failed archive. */
export function anyIsBad(level: 'warning' | 'critical', from = 1): Thresholds {
  return {
    steps: [
      { from: null, level: 'ok' },
      { from, level },
    ],
  };
}

/** The level of a value; `neutral` without thresholds. */
export function levelOf(value: number, thresholds: Thresholds | undefined): Level {
  const steps = thresholds?.steps ?? [];
  return steps.filter(({ from }) => from === null || value >= from).at(-1)?.level ?? 'neutral';
}
