/** What a server gets done: transactions, rows, and the same a day and a week ago. */
import { query, timeSeries } from '../house-look.ts';
import { highIsBad } from '../thresholds.ts';
import { OF_DATABASES } from './scopes.ts';
import { noTransactions } from './transactions.ts';

const perSecond = (metric: string) => `rate(pg_stat_database_${metric}{${OF_DATABASES}}[$__rate_interval])`;
const RECORDED = 'instance_datname:pg_stat_database';

export const TRANSACTIONS_BY_DATABASE = timeSeries({
  id: 'transactions-by-database',
  title: 'Transactions by Database (per second)',
  text: {
    shows:
      'Transactions that ended each second, committed and rolled back. Each single statement outside a transaction is one.',
    normal: 'Follows the use of the application over the day.',
    action:
      'A fall to zero: the application lost its connection or waits for locks. A jump: a retry loop, or work in tiny steps.',
  },
  unit: 'tps',
  height: 7,
  queries: [
    query(`sum by (datname) (${perSecond('xact_commit')} + ${perSecond('xact_rollback')})`, '{{datname}}'),
  ],
  isStacked: true,
  min: 0,
});

const before = (offset: string) =>
  `sum(${RECORDED}_xact_commit:rate5m{${OF_DATABASES}}${offset} + ${RECORDED}_xact_rollback:rate5m{${OF_DATABASES}}${offset})`;

export const TRANSACTIONS_COMPARED = timeSeries({
  id: 'transactions-compared',
  title: 'Transactions Now, a Day and a Week Ago (per second)',
  text: {
    shows:
      'Transactions per second of the chosen databases, over the same hours of yesterday and of the same day last week.',
    normal:
      'The lines are close: most load repeats by day and week. The older lines are missing until so much is recorded.',
    action:
      'Far below: users cannot work, or a deployment changed something. Far above: find the new load in 04-Queries.',
  },
  unit: 'tps',
  height: 7,
  queries: [
    query(before(''), 'now'),
    query(before(' offset 1d'), 'a day ago'),
    query(before(' offset 7d'), 'a week ago'),
  ],
  min: 0,
});

export const ROWS = timeSeries({
  id: 'rows',
  title: 'Rows Read and Written (rows/s)',
  text: {
    shows:
      'Scanned = rows that scans went through; fetched = rows that index scans took from tables, system catalogues among them; and rows inserted, updated and deleted.',
    normal: 'Follows the transactions. Scanned is often far above fetched on servers for reports.',
    action:
      'Scanned jumps without more transactions: a query lost its index or reads a whole table. See 06-Tables-Indexes and 04-Queries.',
  },
  unit: 'rowsps',
  width: 8,
  height: 7,
  queries: [
    query(`sum(${perSecond('tup_returned')})`, 'scanned'),
    query(`sum(${perSecond('tup_fetched')})`, 'fetched'),
    query(`sum(${perSecond('tup_inserted')})`, 'inserted'),
    query(`sum(${perSecond('tup_updated')})`, 'updated'),
    query(`sum(${perSecond('tup_deleted')})`, 'deleted'),
  ],
  min: 0,
});

export const BLOCKS_READ = timeSeries({
  id: 'blocks-read',
  title: 'Blocks Read From Outside the Cache (blocks/s)',
  text: {
    shows:
      'Blocks (8 kB) that were not in shared buffers and had to be asked of the operating system, which may have them in its own cache.',
    normal: 'Low and steady; peaks from reports, backups and after a restart.',
    action:
      'Steady and high: the data in use does not fit into shared buffers. Find the readers in 04-Queries before you add memory.',
  },
  unit: 'iops',
  width: 8,
  height: 7,
  queries: [query(`sum by (datname) (${perSecond('blks_read')})`, '{{datname}}')],
  isStacked: true,
  min: 0,
});

export const ROLLBACKS_BY_DATABASE = timeSeries({
  id: 'rollbacks-by-database',
  title: 'Rolled Back by Database (% of transactions)',
  text: {
    shows:
      'Share of the transactions that were rolled back, 5-minute mean; a gap where there were none at all.',
    normal: 'Below a few percent, or what your framework does by habit.',
    action:
      'Errors, timeouts, deadlocks or an application that gives up: the server log has the failed statements.',
  },
  unit: 'percentunit',
  width: 6,
  height: 7,
  queries: [
    query(`sum by (datname) (${RECORDED}_xact_rollback:ratio_rate5m{${OF_DATABASES}})`, '{{datname}}'),
  ],
  thresholds: highIsBad(0.1, 0.5),
  min: 0,
  emptyWhen: [noTransactions(OF_DATABASES)],
  alert: 'PostgreSQLHighRollbackRate',
});

export const DEADLOCKS_BY_DATABASE = timeSeries({
  id: 'deadlocks-by-database',
  title: 'Deadlocks by Database (per minute)',
  text: {
    shows:
      'Transactions that PostgreSQL ended each minute because two or more waited for each other. A single one shows as a short, low bump.',
    normal: '0.',
    action:
      'The server log has both statements. Change rows in the same order everywhere, keep transactions short, and let the application try again.',
  },
  unit: 'none',
  width: 6,
  height: 7,
  queries: [query(`sum by (datname) (${perSecond('deadlocks')}) * 60`, '{{datname}}')],
  min: 0,
  alert: 'PostgreSQLFrequentDeadlocks',
});
