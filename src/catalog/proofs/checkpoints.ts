/** Proofs of the alerts in `alerts/checkpoints.ts`. */
import type { Proof } from './proof.ts';

export const CHECKPOINTS_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLTooManyForcedCheckpoints: {
    fault: [
      { metric: 'pg_stat_checkpointer_num_requested_total', labels: { instance: 'app' }, value: 2 },
      { metric: 'pg_stat_checkpointer_num_timed_total', labels: { instance: 'app' }, value: 0 },
    ],
    delay: '1m15s',
    recovery: '14m',
    labels: {},
    summary: '97.27% of checkpoints on app are forced',
    description:
      'In 15 minutes 97.27% of the checkpoints on app came before their time (limit 50 %): WAL reached max_wal_size, or somebody asked for them. Each writes everything at once and makes the next changes of each page larger in WAL. Usually max_wal_size is too small for the load.',
  },
};
