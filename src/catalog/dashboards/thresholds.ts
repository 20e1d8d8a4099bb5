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

/** 1 = yes is well, 0 = no is not. */
export const NO_IS_BAD: Thresholds = {
  steps: [
    { from: null, level: 'critical' },
    { from: 1, level: 'ok' },
  ],
};

/** Shares of transaction or multixact ids: freezing begins at 9 and 19 % by default, and at 75 % vacuum leaves all else aside. */
export const IDS_USED = highIsBad(0.25, 0.75);

/** Seconds that a replica is behind: a pause in writing shows as a short peak, so that less says little. */
export const LAG_SECONDS = highIsBad(60, 300);

/** The level of a value; `neutral` without thresholds. */
export function levelOf(value: number, thresholds: Thresholds | undefined): Level {
  const steps = thresholds?.steps ?? [];
  return steps.filter(({ from }) => from === null || value >= from).at(-1)?.level ?? 'neutral';
}
