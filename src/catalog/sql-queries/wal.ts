/** How much WAL the server writes, and what for. The same columns from PostgreSQL 14 to 18; times of writing moved away in 18. */
import { counter, defineQuery } from './define-query.ts';
import type { SqlQuery } from './sql-query.ts';

const WAL_SQL = `
SELECT wal_bytes AS pgmon_wal_bytes_total,
  wal_records AS pgmon_wal_records_total,
  wal_fpi AS pgmon_wal_full_page_images_total,
  wal_buffers_full AS pgmon_wal_buffers_full_total
FROM pg_stat_wal`;

export const WAL_QUERIES: readonly SqlQuery[] = [
  defineQuery({
    name: 'wal',
    scope: 'server',
    sql: WAL_SQL,
    metrics: [
      counter('pgmon_wal_bytes_total', 'WAL that was generated, in bytes.'),
      counter('pgmon_wal_records_total', 'WAL records that were generated.'),
      counter(
        'pgmon_wal_full_page_images_total',
        'Whole pages in the WAL: one for each page that is changed first after a checkpoint.',
      ),
      counter(
        'pgmon_wal_buffers_full_total',
        'How often WAL had to be written because its buffers were full.',
      ),
    ],
    minVersion: 14,
  }),
];
