/**
 * PromQL about single statements, for the panels of queries. A statement is a user, a database and a queryid; its text is no
 * label. The exporter tells the 100 statements with the most time since the server's statistics were reset.
 */
import { type EmptyWhen, NO_STATEMENTS, ONLY_REPLICAS_SELECTED } from '../empty-when.ts';
import { topOf } from './top.ts';

const BY = 'by (user, datname, queryid)';
const SERVER = '{instance=~"$instance"}';
/** Every statement of the chosen databases. */
export const ALL = '{instance=~"$instance", datname=~"$database"}';
/** The chosen statements. */
export const CHOSEN = '{instance=~"$instance", datname=~"$database", queryid=~"$queryid"}';

/** What is counted for a statement; `io` is time spent to read and write blocks. */
export type Counted = 'seconds' | 'calls' | 'rows' | 'io';

const SERIES: Readonly<Record<Counted, readonly string[]>> = {
  seconds: ['pg_stat_statements_seconds_total'],
  calls: ['pg_stat_statements_calls_total'],
  rows: ['pg_stat_statements_rows_total'],
  io: ['pg_stat_statements_block_read_seconds_total', 'pg_stat_statements_block_write_seconds_total'],
};

const made = (what: Counted, make: (series: string) => string) => SERIES[what].map(make).join(' + ');

/** Per statement, over the selected time. */
export function inTime(what: Counted, selector = CHOSEN): string {
  return made(what, (series) => `sum ${BY} (increase(${series}${selector}[$__range]))`);
}

/** Per statement, over the time of the same length before the selected one. */
export function inTimeBefore(what: Counted): string {
  return made(what, (series) => `sum ${BY} (increase(${series}${CHOSEN}[$__range] offset $__range))`);
}

/** Per statement and second. */
export function perSecond(what: Counted, selector = CHOSEN): string {
  return made(what, (series) => `sum ${BY} (rate(${series}${selector}[$__rate_interval]))`);
}

/** Of all chosen statements together, per second. */
export function totalPerSecond(what: Counted, selector = CHOSEN): string {
  return made(what, (series) => `sum(rate(${series}${selector}[$__rate_interval]))`);
}

/** The few with the most over the whole selected time: the same ones at every point of a chart. */
export function topOfRange(what: Counted, count: number): string {
  return topOf(
    count,
    made(what, (series) => `sum ${BY} (increase(${series}${CHOSEN}[$__range] @ end()))`),
  );
}

/** Lines of a chart: the top ones, and everything else together. */
export function topAndRest(what: Counted, count: number): { readonly top: string; readonly rest: string } {
  const top = topOfRange(what, count);
  return {
    top: `${perSecond(what)} and ${top}`,
    rest: `sum(${perSecond(what, ALL)} unless ${top})`,
  };
}

/** A divisor that is never 0, so that a server at rest shows 0 and not nothing. */
export function divisor(expr: string): string {
  return `clamp_min(${expr}, 1e-9)`;
}

/** Without track_io_timing the times are 0, which would look like no waiting at all. */
export const WHERE_IO_IS_TIMED = `and on () (max(pg_settings_track_io_timing${SERVER}) == 1)`;

const SEEN_NOW = `max(count_over_time(pg_up${SERVER}[$__range]))`;
const SEEN_BEFORE = `min(count_over_time(pg_up${SERVER}[$__range] offset $__range))`;
const IS_COMPARABLE = `${SEEN_BEFORE} >= 0.9 * ${SEEN_NOW}`;

/** Everything would look new where the time before was not watched. */
export const WHERE_COMPARABLE = `and on () (${IS_COMPARABLE})`;

export const NOT_COMPARABLE: EmptyWhen = {
  reason: 'the same time before the selected one was not recorded in full',
  holds: `absent(${IS_COMPARABLE})`,
};

/** Why no statement may be there. */
export const NO_CALLS: readonly EmptyWhen[] = [
  NO_STATEMENTS,
  { ...ONLY_REPLICAS_SELECTED, reason: 'the server is a replica that nobody queries', mayHaveData: true },
];
