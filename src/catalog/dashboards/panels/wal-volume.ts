/** How much WAL is written, what for, and the room that it takes. */
import { NO_SQL_EXPORTER, versionBelow } from '../empty-when.ts';
import { query, timeSeries } from '../house-look.ts';
import { NO_WAL_RATE, WAL_RATE } from './wal-state.ts';

const S = '{instance=~"$instance"}';
const rate = (metric: string): string => `sum(rate(${metric}${S}[$__rate_interval]))`;

export const WAL_WRITTEN = timeSeries({
  id: 'wal-written',
  title: 'WAL Written (bytes/s)',
  text: {
    shows:
      'Write-ahead log that changes of data make. Every replica and the archive have to take as much. 0 on a replica.',
    normal: 'Follows the writes, with a rise after each checkpoint, when whole pages go into the WAL.',
    action:
      'A rise without more transactions: look for a bulk job, a new index, or checkpoints that come too often. 08-WAL-Checkpoints has more.',
  },
  unit: 'Bps',
  min: 0,
  queries: [query(WAL_RATE, 'written', { everySeconds: 60 })],
  emptyWhen: NO_WAL_RATE,
});

export const WAL_DIRECTORY_OVER_TIME = timeSeries({
  id: 'wal-directory-over-time',
  title: 'pg_wal and Its Settings (bytes)',
  text: {
    shows: 'Space that WAL files take, beside max_wal_size, min_wal_size and wal_keep_size.',
    normal: 'A saw between min_wal_size and max_wal_size.',
    action:
      'Above max_wal_size for long: a slot or the archive keeps WAL, or the server writes faster than checkpoints end.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    query(`max(pg_wal_size_bytes${S})`, 'pg_wal', { everySeconds: 60 }),
    query(`max(pg_settings_max_wal_size_bytes${S})`, 'max_wal_size', { everySeconds: 60 }),
    query(`max(pg_settings_min_wal_size_bytes${S})`, 'min_wal_size', { everySeconds: 60 }),
    query(`max(pg_settings_wal_keep_size_bytes${S})`, 'wal_keep_size', { everySeconds: 60 }),
  ],
  alert: 'PostgreSQLWALDirectoryLarge',
});

export const FULL_PAGE_IMAGES = timeSeries({
  id: 'full-page-images',
  title: 'WAL Records and Full Page Images (per second)',
  text: {
    shows:
      'Changes written to the WAL, and whole pages among them: each page that is changed first after a checkpoint goes there entirely.',
    normal: 'Many pages just after a checkpoint, fewer until the next one.',
    action:
      'If pages stay near the number of records, checkpoints are too frequent: raise max_wal_size and checkpoint_timeout.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(rate('pgmon_wal_records_total'), 'records', { everySeconds: 60 }),
    query(rate('pgmon_wal_full_page_images_total'), 'full page images', { everySeconds: 60 }),
  ],
  width: 8,
  height: 6,
  emptyWhen: [versionBelow(14), NO_SQL_EXPORTER],
});

export const WAL_PER_TRANSACTION = timeSeries({
  id: 'wal-per-transaction',
  title: 'WAL per Committed Transaction (bytes)',
  text: {
    shows: 'WAL divided by commits of all databases. Reading transactions count too, and write nothing.',
    normal: 'Steady for the same kind of work: a few hundred bytes to a few kilobytes.',
    action: 'A jump means other work: wide rows, more indexes per table, or bulk changes.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    query(
      `(${WAL_RATE}) / on () (sum(rate(pg_stat_database_xact_commit${S}[$__rate_interval])) > 0)`,
      'per transaction',
      { everySeconds: 60 },
    ),
  ],
  width: 8,
  height: 6,
  emptyWhen: NO_WAL_RATE,
});

export const WAL_BUFFERS_FULL = timeSeries({
  id: 'wal-buffers-full',
  title: 'WAL Buffers Full (per second)',
  text: {
    shows: 'How often per second WAL had to be written because its buffers were full.',
    normal: '0, with peaks during bulk loads.',
    action: 'If it is there during normal work, raise wal_buffers and restart.',
  },
  unit: 'short',
  min: 0,
  queries: [query(rate('pgmon_wal_buffers_full_total'), 'times', { everySeconds: 60 })],
  width: 8,
  height: 6,
  emptyWhen: [versionBelow(14), NO_SQL_EXPORTER],
});
