/** Sums over the many series of the slow jobs. They are made as often as new samples come, so that alerts need not. */
import { JOBS } from '../../conventions.ts';
import type { RecordingGroup } from './recording.ts';

export const SLOW_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-slow',
  intervalSeconds: 60,
  rules: [
    {
      record: 'instance:pg_scrape_collector_success:count',
      meaning: 'Collectors of the slow job that said how they fared; absent when none did.',
      expr: `count by (instance) (pg_scrape_collector_success{job="${JOBS.postgresqlSlow}"})`,
    },
    {
      record: 'instance:pg_locks_count:ratio',
      meaning: 'Locks held, as a share of those that fit into shared memory.',
      expr:
        'sum by (instance) (pg_locks_count) / on (instance) (max by (instance) (pg_settings_max_locks_per_transaction) * on (instance) ' +
        '(max by (instance) (pg_settings_max_connections) + on (instance) max by (instance) (pg_settings_max_prepared_transactions)))',
    },
  ],
};
