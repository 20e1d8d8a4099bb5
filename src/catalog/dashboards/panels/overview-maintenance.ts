/** What has to be kept in order: checkpoints, archive, vacuum, disk. */
import { NO_NODE_EXPORTER, NO_SQL_EXPORTER, NO_TABLES } from '../empty-when.ts';
import { query, stat, timeSeries } from '../house-look.ts';
import type { Panel } from '../panel.ts';
import { lowIsBad } from '../thresholds.ts';
import { OF_ALL_DATABASES, OF_SERVER } from './scopes.ts';
import { WORKERS_IN_USE } from './vacuum-work.ts';
import { LAST_ARCHIVED } from './wal-state.ts';

const minute = { everySeconds: 60 } as const;

/** From PostgreSQL 17 on the counters belong to the checkpointer. */
const checkpoints = (checkpointer: string, bgwriter: string) =>
  `sum(increase(pg_stat_checkpointer_${checkpointer}_total{${OF_SERVER}}[$__range]) or increase(pg_stat_bgwriter_${bgwriter}_total{${OF_SERVER}}[$__range]))`;

const checkpointCounts = stat({
  id: 'checkpoints',
  title: 'Checkpoints in the Selected Time (count)',
  text: {
    shows:
      'Checkpoints that came in time, and those that were forced: by max_wal_size, a backup or a command.',
    normal: 'Mostly timed: one each checkpoint_timeout, 5 minutes by default.',
    action:
      'Many forced ones: raise max_wal_size, so that each checkpoint can take its time. 08-WAL-Checkpoints has more.',
  },
  unit: 'none',
  decimals: 0,
  queries: [
    query(checkpoints('num_timed', 'checkpoints_timed'), 'timed', minute),
    query(checkpoints('num_requested', 'checkpoints_req'), 'forced', minute),
  ],
  alert: 'PostgreSQLTooManyForcedCheckpoints',
});

const archiveAge: Panel = { ...LAST_ARCHIVED, id: 'archive-age' };
const autovacuum: Panel = { ...WORKERS_IN_USE, id: 'autovacuum-workers' };

const disk = stat({
  id: 'disk-free',
  title: "Free Disk of pgmon's Machine (%)",
  text: {
    shows:
      'The fullest file system of the machines with a node-exporter: usually the machine that pgmon runs on. Only a bundled PostgreSQL, or one on that machine, has its data there.',
    normal: 'Above 15 %.',
    action: '10-Host shows which file system it is. Make room, but never delete anything in pg_wal by hand.',
  },
  unit: 'percentunit',
  queries: [query('min(mountpoint:node_filesystem_avail_bytes:ratio)', 'free')],
  thresholds: lowIsBad(0.05, 0.15),
  emptyWhen: [NO_NODE_EXPORTER],
  alert: 'HostDiskSpaceLow',
});

const sizes = timeSeries({
  id: 'database-size',
  title: 'Size by Database (bytes)',
  text: {
    shows: 'Size of each database with its indexes.',
    normal: 'Slow growth.',
    action: '06-Tables-Indexes shows which table grows.',
  },
  unit: 'bytes',
  height: 6,
  queries: [query(`sum by (datname) (pg_database_size_bytes{${OF_ALL_DATABASES}})`, '{{datname}}', minute)],
  isStacked: true,
  min: 0,
  alert: 'PostgreSQLDatabaseSizeGrowing',
});

const deadRows = timeSeries({
  id: 'dead-rows',
  title: 'Dead Rows by Database (rows)',
  text: {
    shows:
      'Rows of the largest tables that are deleted or overwritten and not yet removed by vacuum, as PostgreSQL estimates them. A replica does not count them.',
    normal: 'Rises and falls: autovacuum comes when about a fifth of a table is dead.',
    action:
      'Only rising: vacuum does not come or may not remove them. 09-Vacuum shows the tables and what holds vacuum back.',
  },
  unit: 'short',
  height: 6,
  queries: [
    query(`sum by (datname) (pgmon_table_dead_tuples{${OF_SERVER}})`, '{{datname}}', { everySeconds: 300 }),
  ],
  isStacked: true,
  min: 0,
  emptyWhen: [NO_TABLES, NO_SQL_EXPORTER],
  alert: 'PostgreSQLAutovacuumBehind',
});

const sixth = (panel: Panel): Panel => ({ ...panel, width: 6 });

export const OVERVIEW_MAINTENANCE: readonly Panel[] = [
  ...[checkpointCounts, archiveAge, autovacuum, disk].map(sixth),
  sizes,
  deadRows,
];
