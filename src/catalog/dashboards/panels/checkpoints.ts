/** Checkpoints: how often, how long, and who writes changed pages. Their counters moved to a view of their own in PostgreSQL 17. */
import { query, timeSeries } from '../house-look.ts';

const S = '{instance=~"$instance"}';
const rate = (metric: string): string => `sum(rate(${metric}${S}[$__rate_interval]))`;
/** `new` from PostgreSQL 17 on. */
const either = (since17: string, before: string): string =>
  `(${rate(`pg_stat_checkpointer_${since17}_total`)} or ${rate(`pg_stat_bgwriter_${before}_total`)})`;

const PAGE = `on () max(pg_settings_block_size${S})`;

export const CHECKPOINTS = timeSeries({
  id: 'checkpoints',
  title: 'Checkpoints by Cause (per hour)',
  text: {
    shows: 'Checkpoints that came when their time was up, and those that were requested before.',
    normal:
      'Timed ones, as many as checkpoint_timeout says (12 per hour by default). On a replica none from PostgreSQL 17 on; before, its restartpoints count.',
    action: 'Requested ones during normal work: max_wal_size is too small for what is written. Raise it.',
  },
  unit: 'short',
  min: 0,
  queries: [
    query(`${either('num_timed', 'checkpoints_timed')} * 3600`, 'timed', { everySeconds: 60 }),
    query(`${either('num_requested', 'checkpoints_req')} * 3600`, 'requested', { everySeconds: 60 }),
  ],
  width: 8,
  height: 7,
  alert: 'PostgreSQLTooManyForcedCheckpoints',
});

export const CHECKPOINT_TIME = timeSeries({
  id: 'checkpoint-time',
  title: 'Time in Checkpoints (s per second)',
  text: {
    shows: 'Time that checkpoints took to write pages, and to have the disk keep them (sync).',
    normal:
      'Writing is spread out on purpose (checkpoint_completion_target), so that it may be most of the time; it is counted at the end of a checkpoint, which makes peaks above 1. Sync near 0.',
    action:
      'A high sync time: the disk cannot keep up at the end of checkpoints, and queries stall. See the host.',
  },
  unit: 's',
  min: 0,
  queries: [
    query(`${either('write_time', 'checkpoint_write_time')} / 1000`, 'write', { everySeconds: 60 }),
    query(`${either('sync_time', 'checkpoint_sync_time')} / 1000`, 'sync', { everySeconds: 60 }),
  ],
  width: 8,
  height: 7,
});

export const PAGES_WRITTEN_BY = timeSeries({
  id: 'pages-written-by',
  title: 'Changed Pages Written, by Whom (bytes/s)',
  text: {
    shows:
      'Who writes changed pages out of shared buffers: checkpoints, the background writer, or sessions themselves. From PostgreSQL 16 on sessions include what they add to tables and temporary tables.',
    normal: 'Mostly checkpoints.',
    action:
      'Sessions that write much wait for the disk instead of working: raise shared_buffers, or make the background writer busier.',
  },
  unit: 'Bps',
  min: 0,
  queries: [
    query(`${either('buffers_written', 'buffers_checkpoint')} * ${PAGE}`, 'checkpoints', {
      everySeconds: 60,
    }),
    query(`${rate('pg_stat_bgwriter_buffers_clean_total')} * ${PAGE}`, 'background writer', {
      everySeconds: 60,
    }),
    query(
      'sum(rate(pgmon_io_write_bytes_total{instance=~"$instance", backend_type="client backend"}[$__rate_interval]))' +
        ` or ${rate('pg_stat_bgwriter_buffers_backend_total')} * ${PAGE}`,
      'sessions',
      { everySeconds: 60 },
    ),
  ],
  width: 8,
  height: 7,
  isStacked: true,
});
