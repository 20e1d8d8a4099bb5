/** PromQL about tables, indexes and sequences of the chosen databases, and why there may be none. Their figures come every five minutes. */
import { type EmptyWhen, NO_SQL_EXPORTER } from '../empty-when.ts';

const SERVER = '{instance=~"$instance"}';
export const CHOSEN = '{instance=~"$instance", datname=~"$database"}';
export const BY_TABLE = 'by (datname, schemaname, relname)';
export const BY_INDEX = 'by (datname, schemaname, relname, indexrelname)';

export const FIVE_MINUTES = { everySeconds: 300 } as const;

/** The newest figure of each table (or index). */
export function latest(metric: string, by = BY_TABLE): string {
  return `max ${by} (last_over_time(${metric}${CHOSEN}[15m]))`;
}

/** The figure of each table at the beginning of the selected time. */
export function latestBefore(metric: string): string {
  return `max ${BY_TABLE} (last_over_time(${metric}${CHOSEN}[15m] offset $__range))`;
}

/** The smallest figure of each table in the selected time. */
export function smallest(metric: string): string {
  return `min ${BY_TABLE} (min_over_time(${metric}${CHOSEN}[$__range]))`;
}

/** How much a counter of each table (or index) rose in the selected time. */
export function inTime(metric: string, by = BY_TABLE): string {
  return `sum ${by} (increase(${metric}${CHOSEN}[$__range]))`;
}

/** The same as whole events: Prometheus extends what it counts to the ends of the selected time. */
export function wholeInTime(metric: string, by = BY_TABLE): string {
  return `round(${inTime(metric, by)})`;
}

/** Part of a whole; nothing where the whole is 0. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

export const LIVE = latest('pgmon_table_live_tuples');
export const DEAD = latest('pgmon_table_dead_tuples');

/** Dead rows of all rows. In a table of few rows most are often dead, which means nothing. */
export const DEAD_SHARE = `${DEAD} / (${LIVE} + ${DEAD} >= 1000)`;

/** Why nothing may be known of the chosen databases. */
export const NOT_READ: readonly EmptyWhen[] = [
  NO_SQL_EXPORTER,
  {
    reason: 'the chosen databases are not among those that the SQL exporter reads',
    holds: `absent(pgmon_tables${CHOSEN}) and on () (count(pgmon_tables${SERVER}) > 0)`,
  },
];

/** Why no table may be there. */
export const NO_TABLES_CHOSEN: readonly EmptyWhen[] = [
  ...NOT_READ,
  { reason: 'the chosen databases have no tables', holds: `sum(pgmon_tables${CHOSEN}) == 0` },
];
