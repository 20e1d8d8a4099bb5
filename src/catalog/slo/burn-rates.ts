/**
 * The four pairs of windows of multi-window, multi-burn-rate alerting, and the burn rates that follow from an objective's
 * window. A burn rate of 1 uses up the error budget exactly at the end of the window.
 */

export interface BurnWindow {
  /** A page wakes somebody, a ticket waits for the morning. */
  readonly urgency: 'page' | 'ticket';
  /** Prometheus durations; the short one is a twelfth of the long one and ends the alert soon after the repair. */
  readonly long: string;
  readonly short: string;
  readonly longSeconds: number;
  /** Share of the whole budget that is gone when the rate holds for the long window. */
  readonly budgetShare: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

export const BURN_WINDOWS: readonly BurnWindow[] = [
  { urgency: 'page', long: '1h', short: '5m', longSeconds: HOUR, budgetShare: 0.02 },
  { urgency: 'page', long: '6h', short: '30m', longSeconds: 6 * HOUR, budgetShare: 0.05 },
  { urgency: 'ticket', long: '1d', short: '2h', longSeconds: DAY, budgetShare: 0.1 },
  { urgency: 'ticket', long: '3d', short: '6h', longSeconds: 3 * DAY, budgetShare: 0.1 },
];

/** The window for which the catalogue's own definitions are written. */
export const DEFAULT_WINDOW_DAYS = 30;

/** 14.4, 6, 3 and 1 for 30 days. Never below 1: a slower burn keeps the objective. */
export function burnRate({ budgetShare, longSeconds }: BurnWindow, windowDays: number): number {
  return Number(Math.max(1, (budgetShare * windowDays * DAY) / longSeconds).toPrecision(6));
}

/** The lowest objective, in percent, with which a total failure burns fast enough for a page; at or below it none can come. */
export function lowestPagedObjective(windowDays: number): number {
  const rates = BURN_WINDOWS.filter(({ urgency }) => urgency === 'page').map((one) =>
    burnRate(one, windowDays),
  );
  return 100 * (1 - 1 / Math.min(...rates));
}
