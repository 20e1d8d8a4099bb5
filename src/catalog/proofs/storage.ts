/** Proofs of the alerts in `alerts/storage.ts`. */
import type { Proof } from './proof.ts';

export const STORAGE_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLDatabaseSizeGrowing: {
    fault: [
      {
        metric: 'pg_database_size_bytes',
        labels: { instance: 'app', datname: 'app' },
        value: 20_000_000_000 + 20 * 1024 ** 3,
      },
    ],
    warmup: '25h',
    step: '5m',
    labels: { datname: 'app' },
    summary: 'Database app on app grew by 20GiB in 24 hours',
    description:
      'The database app on app is 20GiB larger than 24 hours ago (limit 10 GiB). Check that the disk lasts: a bulk load, an index build, bloat, or a table that nobody cleans up.',
  },
};
