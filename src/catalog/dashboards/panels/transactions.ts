/** Panels about transactions and cache hits, for a whole server or for chosen databases of it. */
import type { EmptyWhen } from '../empty-when.ts';
import { query, stat, timeSeries } from '../house-look.ts';
import type { Panel } from '../panel.ts';
import { anyIsBad, highIsBad, lowIsBad } from '../thresholds.ts';

const HIT_TEXT = {
  shows:
    'Share of the block reads that shared buffers answered, 5-minute mean. The rest came from the operating system: from its cache or from the disk.',
  normal: 'Above 95 % in most applications, and steady. Lower after a restart and on servers for reports.',
  action:
    'A sudden fall means that a query reads much more than before: 04-Queries shows which. A slow fall means that the data outgrows the memory.',
} as const;

export const transactionRate = (scope: string): Panel =>
  timeSeries({
    id: 'transactions',
    title: 'Transactions (per second)',
    text: {
      shows:
        'Transactions that ended each second: committed or rolled back. Each single statement outside a transaction is one.',
      normal: 'Follows the use of the application over the day.',
      action:
        'A fall to zero: the application lost its connection or waits for locks. Many rollbacks: statements fail, read the application log.',
    },
    unit: 'tps',
    queries: [
      query(`sum(rate(pg_stat_database_xact_commit{${scope}}[$__rate_interval]))`, 'committed'),
      query(`sum(rate(pg_stat_database_xact_rollback{${scope}}[$__rate_interval]))`, 'rolled back'),
    ],
    isStacked: true,
    min: 0,
  });

const bothRates = (scope: string, first: string, second: string) =>
  `sum(rate(pg_stat_database_${first}{${scope}}[5m]) + rate(pg_stat_database_${second}{${scope}}[5m]))`;

/** Databases that did nothing for five minutes have no shares of it. */
export const noTransactions = (scope: string): EmptyWhen => ({
  reason: 'the databases do nothing',
  holds: `${bothRates(scope, 'xact_commit', 'xact_rollback')} == 0`,
  mayHaveData: true,
});

const nothingRead = (scope: string): EmptyWhen => ({
  reason: 'the databases read nothing',
  holds: `${bothRates(scope, 'blks_hit', 'blks_read')} == 0`,
  mayHaveData: true,
});

/** Of databases that read so little that the figure would be noise it is shown all the same: an empty panel says less. */
export const cacheHitByDatabase = (scope: string): Panel =>
  timeSeries({
    id: 'cache-hit-by-database',
    title: 'Cache Hit Ratio by Database (%)',
    text: HIT_TEXT,
    unit: 'percentunit',
    queries: [
      query(
        `sum by (datname) (instance_datname:pg_stat_database_blks_hit:ratio_rate5m{${scope}})`,
        '{{datname}}',
      ),
    ],
    thresholds: lowIsBad(0.9, 0.95),
    max: 1,
    emptyWhen: [nothingRead(scope)],
    alert: 'PostgreSQLLowCacheHitRatio',
  });

export const CACHE_HIT: Panel = timeSeries({
  id: 'cache-hit',
  title: 'Cache Hit Ratio (%)',
  text: HIT_TEXT,
  unit: 'percentunit',
  queries: [query('instance:pg_stat_database_blks_hit:ratio_rate5m{instance=~"$instance"}', 'cache hits')],
  thresholds: lowIsBad(0.9, 0.95),
  max: 1,
  alert: 'PostgreSQLLowCacheHitRatio',
});

export const tempBytes = (scope: string): Panel =>
  timeSeries({
    id: 'temp-bytes',
    title: 'Temporary Files by Database (bytes/s)',
    text: {
      shows: 'What sorts, hashes and index builds write to disk because it does not fit into work_mem.',
      normal: '0, with peaks from reports or index builds.',
      action:
        'Steady writing makes queries slow: 04-Queries shows which ones. Give those sessions more work_mem, or add an index that spares the sort.',
    },
    unit: 'Bps',
    queries: [
      query(
        `sum by (datname) (rate(pg_stat_database_temp_bytes{${scope}}[$__rate_interval]))`,
        '{{datname}}',
      ),
    ],
    isStacked: true,
    min: 0,
    alert: 'PostgreSQLTempFiles',
  });

export const ROLLBACK_SHARE: Panel = stat({
  id: 'rollback-share',
  title: 'Rollback Share (%)',
  text: {
    shows:
      'Share of the transactions of the last 5 minutes that were rolled back; 0 while there are none at all.',
    normal: 'Below a few percent, or what your framework does by habit.',
    action:
      'Errors, timeouts, deadlocks or an application that gives up: the server log has the failed statements.',
  },
  unit: 'percentunit',
  queries: [
    query(
      'max(instance:pg_stat_database_xact_rollback:ratio_rate5m{instance=~"$instance"}) or on () max(instance:pg_up:bool{instance=~"$instance"} == 1) * 0',
      'rolled back',
      { everySeconds: 60 },
    ),
  ],
  thresholds: highIsBad(0.1, 0.5),
  alert: 'PostgreSQLHighRollbackRate',
});

export const DEADLOCKS: Panel = stat({
  id: 'deadlocks',
  title: 'Deadlocks (count)',
  text: {
    shows:
      'Transactions that PostgreSQL ended in the selected time because two or more waited for each other.',
    normal: '0.',
    action:
      'The server log has both statements. Change rows in the same order everywhere, keep transactions short, and let the application try again.',
  },
  unit: 'none',
  decimals: 0,
  queries: [query('sum(increase(pg_stat_database_deadlocks{instance=~"$instance"}[$__range]))', 'deadlocks')],
  thresholds: anyIsBad('warning'),
  alert: 'PostgreSQLFrequentDeadlocks',
});
