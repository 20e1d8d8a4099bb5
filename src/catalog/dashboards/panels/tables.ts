/** The largest tables with what is done to them. */
import { DASHBOARD_UIDS } from '../dashboard.ts';
import { bars, query, table } from '../house-look.ts';
import type { LabelColumn } from '../panel.ts';
import { highIsBad } from '../thresholds.ts';
import {
  DEAD_SHARE,
  FIVE_MINUTES,
  inTime,
  LIVE,
  latest,
  latestBefore,
  NO_TABLES_CHOSEN,
  share,
  smallest,
  wholeInTime,
} from './table-expressions.ts';
import { topOf } from './top.ts';

const ROWS = 20;
const BARS = 10;
const LEGEND = '{{datname}}.{{schemaname}}.{{relname}}';

/** Columns that name a table; a click on one leads to the other dashboard about tables. */
export function tableColumns(dashboard: string, title: string): readonly LabelColumn[] {
  return [
    { label: 'datname', header: 'Database' },
    { label: 'schemaname', header: 'Schema' },
    { label: 'relname', header: 'Table', link: { title, dashboard, variables: { database: 'datname' } } },
  ];
}

const SIZE = latest('pgmon_table_size_bytes');
const WHOLE = inTime('pgmon_table_sequential_scans_total');
const BY_INDEX = inTime('pgmon_table_index_scans_total');
const UPDATES = inTime('pgmon_table_updates_total');
const HOT = inTime('pgmon_table_hot_updates_total');
/** Of a table that is younger than the selected time, against its smallest size: `delta` would add what it guesses for the rest. */
const GROWTH = `${SIZE} - (${latestBefore('pgmon_table_size_bytes')} or ${smallest('pgmon_table_size_bytes')})`;

const TOP = `topk(${ROWS}, ${SIZE})`;
const column = (expr: string, header: string, more: Parameters<typeof query>[2] = {}) =>
  query(`${expr} and ${TOP}`, header, { ...FIVE_MINUTES, ...more });

export const LARGEST_TABLES = table({
  id: 'largest-tables',
  title: 'Largest Tables (bytes)',
  text: {
    shows: `The ${ROWS} largest tables, without their indexes, as VACUUM or ANALYZE last saw them: a table that was just loaded shows 0 until then. Growth, scans and the share of HOT updates are of the selected time; an empty cell means that there was nothing to count.`,
    normal:
      'Large tables are read through indexes, less than a fifth of their rows is dead (told from 1,000 rows on), and most updates are HOT: they need no new entry in an index.',
    action:
      'Whole scans of a large table: look for a missing index in 04-Queries. Few HOT updates: fewer indexes on columns that change, or a lower fillfactor. Dead rows: 09-Vacuum.',
  },
  unit: 'bytes',
  columns: tableColumns(DASHBOARD_UIDS.vacuum, 'Vacuum of this database'),
  queries: [
    query(TOP, 'Size', FIVE_MINUTES),
    column(`(${GROWTH})`, 'Growth'),
    column(LIVE, 'Rows', { unit: 'short' }),
    column(DEAD_SHARE, 'Dead rows', {
      unit: 'percentunit',
      thresholds: highIsBad(0.2, 0.5),
    }),
    column(wholeInTime('pgmon_table_sequential_scans_total'), 'Whole scans', { unit: 'short' }),
    column(share(BY_INDEX, `(${BY_INDEX} + ${WHOLE})`), 'Scans by index', {
      unit: 'percentunit',
    }),
    column(share(HOT, UPDATES), 'HOT updates', { unit: 'percentunit' }),
    column(latest('pgmon_table_bloat_bytes'), 'Bloat, estimated'),
  ],
  height: 10,
  emptyWhen: NO_TABLES_CHOSEN,
});

export const WHOLE_SCANS = bars({
  id: 'whole-scans',
  title: 'Read by Whole Scans (bytes)',
  text: {
    shows: `The ${BARS} tables of which the most was read without an index in the selected time: scans times the table's size, an estimate.`,
    normal: 'Small tables that stay in memory, and tables that reports read.',
    action:
      'A large table up here often lacks an index for a WHERE or JOIN. 04-Queries shows whose statement it is.',
  },
  unit: 'bytes',
  height: 7,
  queries: [query(topOf(BARS, `${WHOLE} * ${SIZE}`), LEGEND, FIVE_MINUTES)],
  emptyWhen: NO_TABLES_CHOSEN,
});

export const COSTLY_UPDATES = bars({
  id: 'costly-updates',
  title: 'Updates That Wrote to Indexes (rows)',
  text: {
    shows: `The ${BARS} tables with the most updates in the selected time that were not HOT: each made new entries in every index of the table.`,
    normal: 'Few against all updates of the table.',
    action:
      'Drop unused indexes, leave indexed columns alone in UPDATE, or lower the fillfactor of the table.',
  },
  unit: 'short',
  decimals: 0,
  height: 7,
  queries: [query(topOf(BARS, `${UPDATES} - ${HOT}`), LEGEND, FIVE_MINUTES)],
  emptyWhen: NO_TABLES_CHOSEN,
});
