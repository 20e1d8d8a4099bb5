/** Tables that wait for vacuum: dead rows, when it last came, and how old their oldest rows are. */
import { DASHBOARD_UIDS } from '../dashboard.ts';
import { type EmptyWhen, ONLY_REPLICAS_SELECTED } from '../empty-when.ts';
import { bars, query, stat, table } from '../house-look.ts';
import { anyIsBad, highIsBad } from '../thresholds.ts';
import {
  CHOSEN,
  DEAD,
  DEAD_SHARE,
  FIVE_MINUTES,
  LIVE,
  latest,
  NO_TABLES_CHOSEN,
} from './table-expressions.ts';
import { tableColumns } from './tables.ts';
import { topOf } from './top.ts';

const ROWS = 20;
const BARS = 10;
const LEGEND = '{{datname}}.{{schemaname}}.{{relname}}';
const QUEUE = latest('pgmon_table_vacuum_ratio');
/** Only a primary vacuums. */
const NO_VACUUMED_TABLES: readonly EmptyWhen[] = [ONLY_REPLICAS_SELECTED, ...NO_TABLES_CHOSEN];

export const DEAD_ROWS_SHARE = stat({
  id: 'dead-rows-share',
  title: 'Dead Rows (% of all rows)',
  text: {
    shows:
      'Rows that were updated or deleted and not yet removed, of all rows of the largest tables. A replica does not count them and shows 0.',
    normal: 'Below 20 %: autovacuum comes when about a fifth of a table is dead.',
    action: 'The tables are listed in 09-Vacuum, with what holds vacuum back.',
  },
  unit: 'percentunit',
  decimals: 1,
  thresholds: highIsBad(0.2, 0.5),
  queries: [query(`sum(${DEAD}) / clamp_min(sum(${LIVE}) + sum(${DEAD}), 1)`, 'dead', FIVE_MINUTES)],
  emptyWhen: NO_TABLES_CHOSEN,
});

export const TABLES_BEHIND = stat({
  id: 'tables-behind',
  title: 'Tables That Wait for Autovacuum (count)',
  text: {
    shows: 'Tables with more than 10,000 dead rows that are past the number at which autovacuum starts.',
    normal: '0, or a few for minutes.',
    action:
      'The table below lists them. Autovacuum is off, lacks workers, is cancelled by locks, or may not remove the rows.',
  },
  unit: 'short',
  decimals: 0,
  thresholds: highIsBad(3, 10),
  queries: [
    query(
      `count(table:pgmon_table_vacuum:ratio${CHOSEN}) or on () count(${QUEUE}) * 0`,
      'tables',
      FIVE_MINUTES,
    ),
  ],
  emptyWhen: NO_VACUUMED_TABLES,
  alert: 'PostgreSQLAutovacuumBehind',
});

const TOP = `topk(${ROWS}, ${QUEUE})`;
const column = (expr: string, header: string, more: Parameters<typeof query>[2] = {}) =>
  query(`${expr} and ${TOP}`, header, { ...FIVE_MINUTES, ...more });

export const VACUUM_QUEUE = table({
  id: 'vacuum-queue',
  title: 'Vacuum Queue (dead rows against the trigger, times)',
  text: {
    shows: `The ${ROWS} tables that are nearest to autovacuum's trigger or past it: 1 = it starts now. The settings of each table count. A table that was just loaded has a large analyze trigger until it is analyzed. An empty time: never; an empty share: fewer than 1,000 rows.`,
    normal:
      'Values up to 1. Small tables, and tables that were just loaded, may be far above until autovacuum has come, mostly within a minute.',
    action:
      'Above 2 for an hour: see what holds vacuum back and whether all workers are busy. A large table: lower its autovacuum_vacuum_scale_factor.',
  },
  unit: 'short',
  decimals: 2,
  columns: tableColumns(DASHBOARD_UIDS.tables, 'Tables of this database'),
  queries: [
    query(TOP, 'Vacuum trigger', { ...FIVE_MINUTES, thresholds: anyIsBad('warning', 2) }),
    column(latest('pgmon_table_analyze_ratio'), 'Analyze trigger', { thresholds: anyIsBad('warning', 3) }),
    column(DEAD, 'Dead rows'),
    column(DEAD_SHARE, 'Share', {
      unit: 'percentunit',
      thresholds: highIsBad(0.2, 0.5),
    }),
    column(`time() - ${latest('pgmon_table_last_vacuum_timestamp_seconds')}`, 'Since vacuum', { unit: 's' }),
    column(`time() - ${latest('pgmon_table_last_analyze_timestamp_seconds')}`, 'Since analyze', {
      unit: 's',
    }),
    column(latest('pgmon_table_size_bytes'), 'Size', { unit: 'bytes' }),
  ],
  height: 9,
  emptyWhen: NO_VACUUMED_TABLES,
  alert: 'PostgreSQLAutovacuumBehind',
});

export const MOST_DEAD_ROWS = bars({
  id: 'most-dead-rows',
  title: 'Most Dead Rows (count)',
  text: {
    shows: `The ${BARS} tables with the most rows that are dead and not yet removed.`,
    normal: 'Up to a fifth of the rows of a table.',
    action: 'VACUUM (VERBOSE) on the table says how many of them it may not remove yet, and why.',
  },
  unit: 'short',
  decimals: 0,
  height: 7,
  queries: [query(topOf(BARS, DEAD), LEGEND, FIVE_MINUTES)],
  emptyWhen: NO_TABLES_CHOSEN,
  alert: 'PostgreSQLHighTableBloat',
});

const FREEZE_AT = 'scalar(max(pg_settings_autovacuum_freeze_max_age{instance=~"$instance"}))';

export const FREEZE_AGE_BY_TABLE = bars({
  id: 'freeze-age-by-table',
  title: 'Oldest Tables to Freeze (% of autovacuum_freeze_max_age)',
  text: {
    shows: `The ${BARS} tables with the oldest transaction id that is not frozen. At 100 % autovacuum comes to freeze, even where it is off.`,
    normal: 'Up to 100 %, then back.',
    action:
      'Freeze large tables in a quiet hour with VACUUM (FREEZE) before autovacuum does it in a busy one.',
  },
  unit: 'percentunit',
  height: 7,
  thresholds: highIsBad(1, 1.5),
  queries: [
    query(
      `topk(${BARS}, ${latest('pgmon_table_frozenxid_age_transactions')} / ${FREEZE_AT})`,
      LEGEND,
      FIVE_MINUTES,
    ),
  ],
  emptyWhen: NO_VACUUMED_TABLES,
  alert: 'PostgreSQLTransactionIdWraparound',
});
