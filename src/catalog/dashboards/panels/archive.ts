/** WAL archiving over time. */
import { NO_SQL_EXPORTER } from '../empty-when.ts';
import { query, timeSeries } from '../house-look.ts';
import { highIsBad } from '../thresholds.ts';
import { ARCHIVE_AGE, NO_ARCHIVE_AGE } from './wal-state.ts';

const S = '{instance=~"$instance"}';

export const ARCHIVED = timeSeries({
  id: 'archived',
  title: 'WAL Files Archived and Failed (per minute)',
  text: {
    shows: 'WAL files that went to the archive, and attempts that failed.',
    normal: 'As many as are written, no failures. All 0 where nothing is archived.',
    action: 'The server log has the message of a failed archive_command. Until it works, WAL piles up.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(`sum(rate(pg_stat_archiver_archived_count${S}[$__rate_interval])) * 60`, 'archived', {
      everySeconds: 60,
    }),
    query(`sum(rate(pg_stat_archiver_failed_count${S}[$__rate_interval])) * 60`, 'failed', {
      everySeconds: 60,
    }),
  ],
  width: 8,
  height: 7,
  alert: 'PostgreSQLArchivingFailing',
});

export const WAITING_FOR_ARCHIVE_OVER_TIME = timeSeries({
  id: 'waiting-for-archive-over-time',
  title: 'WAL Files Waiting for the Archive (count)',
  text: {
    shows: 'Finished WAL files that are not in the archive yet.',
    normal: '0 to a few, also under load.',
    action: 'A steady rise: the archive is too slow for what is written, or it fails.',
  },
  unit: 'short',
  min: 0,
  queries: [query(`max(pgmon_wal_ready_segments${S})`, 'waiting', { everySeconds: 60 })],
  width: 8,
  height: 7,
  emptyWhen: [NO_SQL_EXPORTER],
  thresholds: highIsBad(20, 100),
  alert: 'PostgreSQLArchiveBacklog',
});

export const LAST_ARCHIVED_OVER_TIME = timeSeries({
  id: 'last-archived-over-time',
  title: 'Since the Last Archived WAL (s)',
  text: {
    shows: 'How old the newest WAL file in the archive is: what a recovery from it would lose.',
    normal: 'A saw up to archive_timeout, or up to the time in which a WAL file fills.',
    action: 'If it keeps rising while the server is written to, archiving has stopped.',
  },
  unit: 's',
  min: 0,
  queries: [query(ARCHIVE_AGE, 'age', { everySeconds: 60 })],
  width: 8,
  height: 7,
  emptyWhen: NO_ARCHIVE_AGE,
  alert: 'PostgreSQLArchivingFailing',
});
