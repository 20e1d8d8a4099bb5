/** How large databases and tables are, and how they grow. */
import { query, stat, timeSeries } from '../house-look.ts';
import { anyIsBad } from '../thresholds.ts';
import { OF_DATABASES } from './scopes.ts';
import { BY_TABLE, CHOSEN, FIVE_MINUTES, latest, NO_TABLES_CHOSEN, NOT_READ } from './table-expressions.ts';

const MINUTE = { everySeconds: 60 } as const;
const DATABASES = `pg_database_size_bytes{${OF_DATABASES}}`;
const SIZE = `max by (datname) (${DATABASES})`;

export const DATABASES_SIZE = stat({
  id: 'databases-size',
  title: 'Database Size (bytes)',
  text: {
    shows: 'Size of the chosen databases together: tables, indexes, everything in their directories.',
    normal: 'Fits the disk with room for months.',
    action: 'See below which database and which table it is.',
  },
  unit: 'bytes',
  hasSparkline: true,
  queries: [query(`sum(${SIZE})`, 'size', MINUTE)],
});

export const DATABASES_GROWTH = stat({
  id: 'databases-growth',
  title: 'Growth (bytes per day)',
  text: {
    shows: 'How much the chosen databases would grow in a day at the pace of the selected time.',
    normal: 'Steady, and small against what is free on the disk.',
    action: 'A jump is a bulk load, an index build, bloat, or a table that nobody cleans up.',
  },
  unit: 'bytes',
  thresholds: anyIsBad('warning', 10_737_418_240),
  queries: [query(`sum(deriv(${DATABASES}[$__range])) * 86400`, 'per day', MINUTE)],
  alert: 'PostgreSQLDatabaseSizeGrowing',
});

export const TABLE_COUNT = stat({
  id: 'table-count',
  title: 'Tables (count)',
  text: {
    shows: 'Tables and materialized views of the chosen databases.',
    normal: 'Changes with releases only.',
    action:
      'A number that climbs all the time comes from an application that creates tables and leaves them.',
  },
  unit: 'short',
  decimals: 0,
  queries: [query(`sum(${latest('pgmon_tables', 'by (instance, datname)')})`, 'tables', FIVE_MINUTES)],
  emptyWhen: NOT_READ,
});

export const DATABASE_SIZES = timeSeries({
  id: 'database-sizes',
  title: 'Size by Database (bytes)',
  text: {
    shows: 'Size of each database over time.',
    normal: 'Rises slowly. Steps down after VACUUM FULL, TRUNCATE or DROP.',
    action: 'A steep line fills the disk: find its table in the chart beside it and in the table below.',
  },
  unit: 'bytes',
  isStacked: true,
  min: 0,
  queries: [query(SIZE, '{{datname}}', MINUTE)],
});

const LEAST = `min ${BY_TABLE} (min_over_time(pgmon_table_size_bytes${CHOSEN}[$__range] @ end()))`;
const MOST = `max ${BY_TABLE} (max_over_time(pgmon_table_size_bytes${CHOSEN}[$__range] @ end()))`;
const TABLES = 8;

export const TABLE_GROWTH = timeSeries({
  id: 'table-growth',
  title: 'Table Growth in the Selected Time (bytes)',
  text: {
    shows: `By how much each of the ${TABLES} tables that changed most is larger than at its smallest in the selected time, without indexes. VACUUM and ANALYZE write the sizes that are used here.`,
    normal: 'Lines near 0, with a few that rise with the business.',
    action:
      'Partition or delete old rows of what grows without end. Growth without more rows is bloat: see 09-Vacuum.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    query(
      `${latest('pgmon_table_size_bytes')} - ${LEAST} and topk(${TABLES}, ${MOST} - ${LEAST})`,
      '{{datname}}.{{schemaname}}.{{relname}}',
      FIVE_MINUTES,
    ),
  ],
  emptyWhen: NO_TABLES_CHOSEN,
});
