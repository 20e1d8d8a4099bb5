/** What all statements of a server cost together, and the course of the most costly ones. */
import { NO_IO_TIMING, NO_SQL_EXPORTER, NO_STATEMENTS, versionBelow } from '../empty-when.ts';
import { bars, query, stat, timeSeries } from '../house-look.ts';
import { anyIsBad, highIsBad } from '../thresholds.ts';
import {
  ALL,
  CHOSEN,
  divisor,
  inTime,
  NO_CALLS,
  topAndRest,
  totalPerSecond,
  WHERE_IO_IS_TIMED,
} from './statement-expressions.ts';
import { topOf } from './top.ts';

const MINUTE = { everySeconds: 60 } as const;
const LEGEND = '{{queryid}} {{user}}@{{datname}}';
const TEXT = 'Read the text with `pgmon queries <server> <queryid>`.';
const SMALL = { width: 4 } as const;
const QUARTER = { width: 6, height: 7 } as const;
const TOP = 8;

export const STATEMENT_TIME = stat({
  ...SMALL,
  id: 'statement-time',
  title: 'Statement Time (seconds per second)',
  text: {
    shows:
      'Time that statements ran, per second: how many were at work at the same time on average. Only of the 100 that the exporter tells: those with the most time since the statistics were reset.',
    normal: 'Well below the number of processors, and about the same as on other days.',
    action: 'See below which statement takes the most of it. More than the processors can do means queueing.',
  },
  unit: 'short',
  decimals: 2,
  hasSparkline: true,
  queries: [query(totalPerSecond('seconds'), 'time', MINUTE)],
  emptyWhen: NO_CALLS,
});

export const STATEMENT_CALLS = stat({
  ...SMALL,
  id: 'statement-calls',
  title: 'Calls (per second)',
  text: {
    shows:
      'Statements that were run per second, of the 100 that the exporter tells: those with the most time since the statistics were reset. The monitoring role is left out.',
    normal: 'Follows the traffic of the application.',
    action: 'Many more calls with the same traffic: look for a loop that asks row by row (N+1).',
  },
  unit: 'reqps',
  hasSparkline: true,
  queries: [query(totalPerSecond('calls'), 'calls', MINUTE)],
  emptyWhen: NO_CALLS,
});

export const STATEMENT_MEAN_TIME = stat({
  ...SMALL,
  id: 'statement-mean-time',
  title: 'Mean Time per Call (s)',
  text: {
    shows: 'Time of the statements that the exporter tells, divided by their calls.',
    normal: 'Milliseconds for an application, seconds for reports.',
    action: 'When it rises, the table of changes at the bottom says which statements became slower.',
  },
  unit: 's',
  hasSparkline: true,
  queries: [query(`${totalPerSecond('seconds')} / ${divisor(totalPerSecond('calls'))}`, 'mean', MINUTE)],
  emptyWhen: NO_CALLS,
});

export const STATEMENT_IO_SHARE = stat({
  ...SMALL,
  id: 'statement-io-share',
  title: 'Time Waiting for Blocks (%)',
  text: {
    shows: "Share of the statements' time that went into reading and writing blocks of tables and indexes.",
    normal: 'Below 20 % while the working set fits into memory.',
    action: 'Look for statements with much I/O time below: a missing index, or too little memory.',
  },
  unit: 'percentunit',
  decimals: 1,
  hasSparkline: true,
  thresholds: highIsBad(0.3, 0.6),
  queries: [
    query(
      `(${totalPerSecond('io')}) / ${divisor(totalPerSecond('seconds'))} ${WHERE_IO_IS_TIMED}`,
      'waiting',
      MINUTE,
    ),
  ],
  emptyWhen: [...NO_CALLS, NO_IO_TIMING],
});

export const STATEMENT_TOP_SHARE = stat({
  ...SMALL,
  id: 'statement-top-share',
  title: 'Share of the Top Statement (%)',
  text: {
    shows: 'How much of all statement time in the selected time went into the one most costly statement.',
    normal: 'Below half. With one chosen statement it is the share of that one.',
    action:
      'One statement with most of the time is the best place to begin: an index or a rewrite pays at once.',
  },
  unit: 'percentunit',
  decimals: 1,
  queries: [
    query(`max(${inTime('seconds')}) / ${divisor(`sum(${inTime('seconds', ALL)})`)}`, 'share', MINUTE),
  ],
  emptyWhen: NO_CALLS,
});

export const STATEMENTS_EVICTED = stat({
  ...SMALL,
  id: 'statements-evicted',
  title: 'Evictions of Statements (per hour)',
  text: {
    shows:
      'How often in the last hour pg_stat_statements threw out its least used statements for lack of room.',
    normal: '0. Figures per statement are complete then.',
    action:
      'Raise pg_stat_statements.max (takes a restart), or find the client that writes values into its SQL instead of using parameters.',
  },
  unit: 'short',
  decimals: 0,
  thresholds: anyIsBad('warning', 12),
  queries: [
    query('max(increase(pgmon_statements_dealloc_total{instance=~"$instance"}[1h]))', 'evictions', MINUTE),
  ],
  emptyWhen: [NO_SQL_EXPORTER, versionBelow(14), NO_STATEMENTS],
  alert: 'PostgreSQLStatementsEvicted',
});

const TIME_LINES = topAndRest('seconds', TOP);
const CALL_LINES = topAndRest('calls', TOP);

export const TOP_STATEMENT_TIME = timeSeries({
  id: 'top-statement-time',
  title: 'Statement Time (seconds per second)',
  text: {
    shows: `The ${TOP} statements with the most time in the selected time, by queryid, and the rest together.`,
    normal: 'The same statements lead every day, in the same order.',
    action: `A line that jumps names the statement to look at. ${TEXT}`,
  },
  unit: 'short',
  isStacked: true,
  min: 0,
  queries: [query(TIME_LINES.top, LEGEND, MINUTE), query(TIME_LINES.rest, 'the rest', MINUTE)],
  emptyWhen: NO_CALLS,
});

export const TOP_STATEMENT_CALLS = timeSeries({
  id: 'top-statement-calls',
  title: 'Calls (per second)',
  text: {
    shows: `The ${TOP} statements that were run most often in the selected time, and the rest together.`,
    normal: 'Follows the traffic.',
    action: `A statement that is suddenly run much more often is often a loop or a lost cache. ${TEXT}`,
  },
  unit: 'reqps',
  isStacked: true,
  min: 0,
  queries: [query(CALL_LINES.top, LEGEND, MINUTE), query(CALL_LINES.rest, 'the rest', MINUTE)],
  emptyWhen: NO_CALLS,
});

const MOST = 10;

export const MOST_CALLED = bars({
  ...QUARTER,
  id: 'most-called',
  title: 'Most Calls (count)',
  text: {
    shows: `The ${MOST} statements that were run most often in the selected time.`,
    normal: 'Short look-ups by key.',
    action: `Ask once for many rows instead of many times for one; keep what hardly changes in a cache. ${TEXT}`,
  },
  unit: 'short',
  decimals: 0,
  queries: [query(topOf(MOST, inTime('calls')), LEGEND, MINUTE)],
  emptyWhen: NO_CALLS,
});

export const SLOWEST = bars({
  ...QUARTER,
  id: 'slowest',
  title: 'Longest Mean Time (s)',
  text: {
    shows: `The ${MOST} statements with the longest mean time of a call in the selected time.`,
    normal: 'Reports and maintenance lead, no statement that a user waits for.',
    action: `Run EXPLAIN (ANALYZE, BUFFERS) on what a user waits for. ${TEXT}`,
  },
  unit: 's',
  queries: [query(`topk(${MOST}, ${inTime('seconds')} / (${inTime('calls')} > 0.5))`, LEGEND, MINUTE)],
  emptyWhen: [
    ...NO_CALLS,
    {
      reason: 'no statement was run in the selected time',
      holds: `sum(increase(pg_stat_statements_calls_total${CHOSEN}[$__range])) < 10`,
      mayHaveData: true,
    },
  ],
});

export const MOST_ROWS = bars({
  ...QUARTER,
  id: 'most-rows',
  title: 'Most Rows (count)',
  text: {
    shows: `The ${MOST} statements that returned or changed the most rows in the selected time.`,
    normal: 'Exports and batches.',
    action: `A page that fetches thousands of rows to show twenty needs LIMIT. ${TEXT}`,
  },
  unit: 'short',
  decimals: 0,
  queries: [query(topOf(MOST, inTime('rows')), LEGEND, MINUTE)],
  emptyWhen: NO_CALLS,
});

export const MOST_IO = bars({
  ...QUARTER,
  id: 'most-io',
  title: 'Most Time Waiting for Blocks (s)',
  text: {
    shows: `The ${MOST} statements that waited longest for blocks to be read and written in the selected time.`,
    normal: 'Little against the total time of the same statement.',
    action: `Look for an index that the statement lacks: it reads more blocks than its result needs. ${TEXT}`,
  },
  unit: 's',
  queries: [query(topOf(MOST, `(${inTime('io')}) ${WHERE_IO_IS_TIMED}`), LEGEND, MINUTE)],
  emptyWhen: [...NO_CALLS, NO_IO_TIMING],
});
