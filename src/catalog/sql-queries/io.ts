/** What the server's processes read and write, from pg_stat_io. WAL is counted elsewhere, and only from PostgreSQL 18 on here. */
import { counter, defineQuery } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

/** Kinds of processes that did nothing yet are left out: most of the view. Without track_io_timing there are no times. */
function ioSql(readBytes: string, writtenBytes: string): string {
  return `
SELECT backend_type, context,
  sum(${readBytes}) AS pgmon_io_read_bytes_total,
  sum(${writtenBytes}) AS pgmon_io_write_bytes_total,
  CASE WHEN current_setting('track_io_timing')::bool THEN sum(read_time) / 1000 END AS pgmon_io_read_seconds_total,
  CASE WHEN current_setting('track_io_timing')::bool THEN
    sum(coalesce(write_time, 0) + coalesce(extend_time, 0)) / 1000 END AS pgmon_io_write_seconds_total
FROM pg_stat_io
WHERE object <> 'wal'
GROUP BY backend_type, context
HAVING sum(coalesce(reads, 0) + coalesce(writes, 0) + coalesce(extends, 0)) > 0
ORDER BY backend_type, context
LIMIT 100`;
}

const METRICS = [
  counter(
    'pgmon_io_read_bytes_total',
    'Bytes read into shared or local buffers, by kind of process and context.',
  ),
  counter('pgmon_io_write_bytes_total', 'Bytes written and bytes by which files were extended.'),
  counter('pgmon_io_read_seconds_total', 'Time spent in these reads; absent without track_io_timing.'),
  counter('pgmon_io_write_seconds_total', 'Time spent in these writes; absent without track_io_timing.'),
] as const;

const LABELS = ['backend_type', 'context'] as const;

export const IO_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'io',
    scope: 'server',
    sql: ioSql('read_bytes', 'coalesce(write_bytes, 0) + coalesce(extend_bytes, 0)'),
    labels: LABELS,
    metrics: METRICS,
    minVersion: 18,
  }),
  // Operations of one size each, before an operation could be of several blocks.
  defineQuery({
    name: 'io_by_operations',
    scope: 'server',
    sql: ioSql('reads * op_bytes', '(coalesce(writes, 0) + coalesce(extends, 0)) * op_bytes'),
    labels: LABELS,
    metrics: METRICS,
    minVersion: 16,
    maxVersion: 17,
  }),
];
