/** Proofs of the alerts in `alerts/wal.ts`. */
import type { Proof } from './proof.ts';

const APP = { instance: 'app' };

export const WAL_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLArchivingFailing: {
    fault: [
      { metric: 'pg_stat_archiver_failed_count', labels: APP, value: 3 },
      { metric: 'pg_stat_archiver_archived_count', labels: APP, value: 0 },
    ],
    // Until the last success is five minutes old.
    delay: '4m45s',
    recovery: '15s',
    labels: {},
    summary: 'WAL archiving fails on app',
    description:
      'On app archive_command failed 15 times in 5 minutes and never succeeded. The archive has a gap from now on: no recovery to a later point in time. WAL piles up until the disk is full.',
  },
  PostgreSQLArchiveBacklog: {
    fault: [{ metric: 'pgmon_wal_ready_segments', labels: APP, value: 250 }],
    labels: {},
    summary: '250 WAL segments of app wait for the archive',
    description:
      '250 finished WAL segments of app have not been archived (limit 100). The archive is slower than the server writes, or it fails: see PostgreSQLArchivingFailing. Each waiting segment (16 MiB by default) stays on the disk and is missing in a recovery.',
  },
  PostgreSQLWALDirectoryLarge: {
    fault: [{ metric: 'pg_wal_size_bytes', labels: APP, value: 5_368_709_120 }],
    labels: {},
    summary: 'pg_wal of app is 5 times as large as planned',
    description:
      'The WAL directory of app holds 5 times what max_wal_size and wal_keep_size allow for (limit 2 times). A replication slot or failing archiving keeps it, or checkpoints cannot keep up.',
  },
};
