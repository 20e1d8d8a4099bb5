/** Statements as tables: what each one cost, and what changed against the same time before. */
import { DASHBOARD_UIDS } from '../dashboard.ts';
import { query, table } from '../house-look.ts';
import type { LabelColumn } from '../panel.ts';
import {
  ALL,
  divisor,
  inTime,
  inTimeBefore,
  NO_CALLS,
  NOT_COMPARABLE,
  WHERE_COMPARABLE,
  WHERE_IO_IS_TIMED,
} from './statement-expressions.ts';
import { topOf } from './top.ts';

const MINUTE = { everySeconds: 60 } as const;
const ROWS = 30;
const CHANGED_ROWS = 15;

const COLUMNS: readonly LabelColumn[] = [
  {
    label: 'queryid',
    header: 'Query id',
    link: {
      title: 'This statement alone',
      dashboard: DASHBOARD_UIDS.queries,
      variables: { queryid: 'queryid', database: 'datname' },
    },
  },
  { label: 'user', header: 'User' },
  { label: 'datname', header: 'Database' },
];

const TIME = inTime('seconds');
const CALLS = inTime('calls');
const TOP = topOf(ROWS, TIME);
const column = (expr: string, header: string, more: Parameters<typeof query>[2] = {}) =>
  query(`${expr} and ${TOP}`, header, { ...MINUTE, ...more });

export const TOP_STATEMENTS = table({
  id: 'top-statements',
  title: 'Top Statements (by total time, s)',
  text: {
    shows: `The ${ROWS} statements with the most time in the selected time, of the 100 that the exporter tells. A click on a heading sorts, a click on a query id shows that statement alone.`,
    normal: 'Much time because of many calls is traffic; much time with few calls is a slow statement.',
    action:
      'Begin at the top. `pgmon queries <server> <queryid>` prints the text of a statement: it is not kept here, because it may hold data of users.',
  },
  unit: 's',
  columns: COLUMNS,
  queries: [
    query(TOP, 'Total time', MINUTE),
    column(`(${TIME}) / scalar(${divisor(`sum(${inTime('seconds', ALL)})`)})`, 'Share of all', {
      unit: 'percentunit',
    }),
    column(`round(${CALLS})`, 'Calls', { unit: 'short' }),
    column(`${TIME} / (${CALLS} > 0.5)`, 'Mean time'),
    column(`${inTime('rows')} / (${CALLS} > 0.5)`, 'Rows per call', { unit: 'short' }),
    column(`(${inTime('io')}) ${WHERE_IO_IS_TIMED}`, 'Waiting for blocks'),
  ],
  height: 9,
  emptyWhen: NO_CALLS,
});

const BEFORE = inTimeBefore('seconds');
const CALLS_BEFORE = inTimeBefore('calls');
const CHANGED = `topk(${CHANGED_ROWS}, (${TIME} - ${BEFORE} or ${TIME}) ${WHERE_COMPARABLE})`;
const compared = (expr: string, header: string, more: Parameters<typeof query>[2] = {}) =>
  query(`${expr} and ${CHANGED}`, header, { ...MINUTE, ...more });

export const CHANGED_STATEMENTS = table({
  id: 'changed-statements',
  title: 'New and Slower Statements (extra time against the time before, s)',
  text: {
    shows: `The ${CHANGED_ROWS} statements whose time rose most against the time of the same length before. Nothing under "before": the statement is new among those that the exporter tells.`,
    normal: 'Small figures, above and below 0.',
    action:
      'A longer mean time: a plan changed, a table grew or something blocks. More calls: a change in the application. `pgmon queries <server> <queryid>` prints the text.',
  },
  unit: 's',
  columns: COLUMNS,
  queries: [
    query(CHANGED, 'Extra time', MINUTE),
    compared(TIME, 'Time'),
    compared(BEFORE, 'Time before'),
    compared(`${TIME} / (${CALLS} > 0.5)`, 'Mean'),
    compared(`${BEFORE} / (${CALLS_BEFORE} > 0.5)`, 'Mean before'),
    compared(`round(${CALLS})`, 'Calls', { unit: 'short' }),
    compared(`round(${CALLS_BEFORE})`, 'Calls before', { unit: 'short' }),
  ],
  height: 7,
  emptyWhen: [...NO_CALLS, NOT_COMPARABLE],
});
