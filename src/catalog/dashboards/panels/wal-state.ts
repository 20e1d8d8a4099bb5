/** Numbers about WAL, checkpoints and the archive of one server. */
import {
  type EmptyWhen,
  NO_SQL_EXPORTER,
  NOT_ARCHIVING,
  NOTHING_ARCHIVED,
  versionBelow,
} from '../empty-when.ts';
import { query, stat } from '../house-look.ts';
import { anyIsBad, highIsBad } from '../thresholds.ts';

const S = '{instance=~"$instance"}';

/**
 * Before PostgreSQL 14 the position in the WAL has to do. The exporter tells it only of slots and replicas, to all of them the
 * same.
 */
export const WAL_RATE =
  `sum(rate(pgmon_wal_bytes_total${S}[$__rate_interval]))` +
  ` or max(rate(pg_replication_slot_slot_current_wal_lsn${S}[$__rate_interval])` +
  ` or rate(pg_replication_slots_slot_current_wal_lsn${S}[$__rate_interval])` +
  ` or rate(pg_stat_replication_pg_current_wal_lsn_bytes${S}[$__rate_interval]))`;

/** In both cases a slot or a replica may tell all the same. */
export const NO_WAL_RATE: readonly EmptyWhen[] = [
  {
    ...versionBelow(14),
    reason: 'before PostgreSQL 14 only a slot or a replica tells how much WAL is written',
    mayHaveData: true,
  },
  { ...NO_SQL_EXPORTER, mayHaveData: true },
];

/** NaN before the first file; and a server that no longer archives has nothing to be late with. */
export const ARCHIVE_AGE = `max(pg_stat_archiver_last_archive_age${S} >= 0) unless on () max(pgmon_archive_enabled${S}) == 0`;
export const NO_ARCHIVE_AGE = [NOT_ARCHIVING, NOTHING_ARCHIVED];

export const WAL_WRITTEN_NOW = stat({
  id: 'wal-written-now',
  title: 'WAL Written (bytes/s)',
  text: {
    shows:
      'Write-ahead log that the server generates: what every change costs in the log, on the network and in backups.',
    normal: 'Follows the writes of the application. 0 on a replica.',
    action: 'See full page images and WAL per transaction below for what makes it large.',
  },
  unit: 'Bps',
  queries: [query(WAL_RATE, 'written', { everySeconds: 60 })],
  hasSparkline: true,
  emptyWhen: NO_WAL_RATE,
});

export const WAL_DIRECTORY = stat({
  id: 'wal-directory',
  title: 'Size of pg_wal (bytes)',
  text: {
    shows: 'Disk space that WAL files take just now.',
    normal: 'Between min_wal_size and a little above max_wal_size.',
    action: 'If it grows beyond, a slot or a failing archive keeps WAL. Never delete files there by hand.',
  },
  unit: 'bytes',
  queries: [query(`max(pg_wal_size_bytes${S})`, 'pg_wal', { everySeconds: 60 })],
});

export const WAL_LIMIT_USED = stat({
  id: 'wal-limit-used',
  title: 'WAL Space Used (%)',
  text: {
    shows: 'Size of pg_wal as a share of what is planned for it: max_wal_size and wal_keep_size together.',
    normal:
      'Up to 100 %. max_wal_size is a wish, not a limit: the server goes beyond it rather than lose WAL.',
    action:
      'From twice as much on, look for a slot that nobody reads and for a failing archive. If neither is it, raise max_wal_size.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [
    query(
      `max(pg_wal_size_bytes${S} / on (instance) (max by (instance) (pg_settings_max_wal_size_bytes${S})` +
        ` + max by (instance) (pg_settings_wal_keep_size_bytes${S})))`,
      'used',
      { everySeconds: 60 },
    ),
  ],
  thresholds: highIsBad(1.2, 2),
  alert: 'PostgreSQLWALDirectoryLarge',
});

export const CHECKPOINTS_REQUESTED = stat({
  id: 'checkpoints-requested',
  title: 'Requested Checkpoints (count)',
  text: {
    shows:
      'Checkpoints of the selected time that came before theirs, because max_wal_size was reached or somebody asked for one.',
    normal: 'Few. A backup or CHECKPOINT asks for one, too.',
    action: 'Many of them during normal work: raise max_wal_size. Each writes all changed pages at once.',
  },
  unit: 'short',
  decimals: 0,
  queries: [
    query(
      `sum(increase(pg_stat_checkpointer_num_requested_total${S}[$__range])) or sum(increase(pg_stat_bgwriter_checkpoints_req_total${S}[$__range]))`,
      'requested',
      { everySeconds: 60 },
    ),
  ],
  alert: 'PostgreSQLTooManyForcedCheckpoints',
});

export const WAL_BUFFERS_FULL_COUNT = stat({
  id: 'wal-buffers-full-count',
  title: 'WAL Buffers Full (count)',
  text: {
    shows:
      'How often in the selected time a session had to write WAL itself because the buffers for it were full.',
    normal: 'Near 0; bulk loads make some.',
    action: 'If it goes on during normal work, raise wal_buffers (16 MB is the usual most) and restart.',
  },
  unit: 'short',
  decimals: 0,
  queries: [
    query(`sum(increase(pgmon_wal_buffers_full_total${S}[$__range]))`, 'times', { everySeconds: 60 }),
  ],
  emptyWhen: [versionBelow(14), NO_SQL_EXPORTER],
});

export const LAST_ARCHIVED = stat({
  id: 'last-archived',
  title: 'Since the Last Archived WAL (s)',
  text: {
    shows: 'What a recovery from the archive would lose: time since the last WAL file went there.',
    normal: 'Below archive_timeout. Without archive_timeout it grows on a server that nobody writes to.',
    action:
      'When it grows on a busy server, see failures and waiting files in 08-WAL-Checkpoints, then the server log.',
  },
  unit: 's',
  queries: [query(ARCHIVE_AGE, 'age', { everySeconds: 60 })],
  emptyWhen: NO_ARCHIVE_AGE,
  alert: 'PostgreSQLArchivingFailing',
});

export const ARCHIVE_FAILURES = stat({
  id: 'archive-failures',
  title: 'Archive Failures (count)',
  text: {
    shows:
      'How often archive_command or the archive library failed in the selected time. The server tries again for ever.',
    normal: '0',
    action: 'The server log has the message of the command. Until it works again, WAL piles up on the disk.',
  },
  unit: 'short',
  decimals: 0,
  queries: [
    query(`sum(increase(pg_stat_archiver_failed_count${S}[$__range]))`, 'failures', { everySeconds: 60 }),
  ],
  thresholds: anyIsBad('warning'),
  alert: 'PostgreSQLArchivingFailing',
});

export const WAITING_FOR_ARCHIVE = stat({
  id: 'waiting-for-archive',
  title: 'WAL to Archive (files)',
  text: {
    shows: 'Finished WAL files that are not in the archive yet (.ready files).',
    normal: '0 to a few.',
    action: 'If it grows, the archive is slower than the server writes, or it fails.',
  },
  unit: 'short',
  queries: [query(`max(pgmon_wal_ready_segments${S})`, 'waiting', { everySeconds: 60 })],
  thresholds: highIsBad(20, 100),
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLArchiveBacklog',
});
