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
      record: 'instance_usename:pg_roles_connection_limit:max',
      meaning: 'Connections that a role may have, of roles with a limit.',
      // Named as sessions name it, so that the two can be joined.
      expr: 'max by (instance, usename) (label_replace(pg_roles_connection_limit > 0, "usename", "$1", "rolname", "(.*)"))',
    },
    {
      record: 'instance:pg_locks_count:ratio',
      meaning: 'Locks held, as a share of those that fit into shared memory.',
      expr:
        // Nobody works in the templates; left out, half as much is read.
        'sum by (instance) (pg_locks_count{datname!~"template0|template1"}) / on (instance) (max by (instance) (pg_settings_max_locks_per_transaction) * on (instance) ' +
        '(max by (instance) (pg_settings_max_connections) + on (instance) max by (instance) (pg_settings_max_prepared_transactions)))',
    },
  ],
};
