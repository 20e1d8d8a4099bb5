/** Figures from the series of the slow jobs. They are made as often as new samples come, so that alerts need not. */
import { JOBS } from '../../conventions.ts';
import type { RecordingGroup } from './recording.ts';

export const SLOW_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-slow',
  intervalSeconds: 'slow',
  rules: [
    {
      record: 'instance:pg_settings_max_connections:usable',
      meaning: 'Connections that are not reserved for superusers or, from PostgreSQL 16, for a role.',
      // Settings come at the slow interval, through a login of its own that fails first when connections run out.
      expr:
        'max by (instance) (last_over_time(pg_settings_max_connections[15m])) ' +
        '- max by (instance) (last_over_time(pg_settings_superuser_reserved_connections[15m])) ' +
        '- (max by (instance) (last_over_time(pg_settings_reserved_connections[15m])) ' +
        'or max by (instance) (last_over_time(pg_settings_max_connections[15m])) * 0)',
    },
    {
      record: 'instance:pg_stat_activity_count:sum',
      meaning:
        "Connections of clients. Autovacuum and parallel workers don't count; 0 on a server without any.",
      // The exporter fills states that nobody is in with rows of 0 without a backend type.
      expr: 'sum by (instance) (pg_stat_activity_count{backend_type=~"client backend|", datname!~"template0|template1"})',
    },
    {
      record: 'instance:pg_stat_activity_count:ratio',
      meaning: 'Share of the usable connections that is taken, 0 to 1.',
      expr: 'instance:pg_stat_activity_count:sum / (instance:pg_settings_max_connections:usable > 0)',
    },
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
