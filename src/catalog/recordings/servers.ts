/** Figures of a server and of its databases that several alerts and dashboards use. */
import { JOBS } from '../../conventions.ts';
import type { RecordingGroup } from './recording.ts';

/**
 * 1 for every declared server at all times, with its labels: what alerts about servers take them from. Found by its name
 * alone, a sixth of what `up` costs, whose series Prometheus has to sort out from those of the other jobs.
 */
export const DECLARED_SERVERS = 'instance:up:declared';

/** The templates see no work of users; left out, a small server costs half. */
const DATABASES = '{datname!~"template0|template1"}';

const ratePerDatabase = (metric: string, window: string, operation = 'rate') =>
  `sum by (instance, datname) (${operation}(${metric}${DATABASES}[${window}]))`;

export const SERVER_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-servers',
  intervalSeconds: 30,
  rules: [
    {
      record: DECLARED_SERVERS,
      meaning: '1 for every server of the spec, up or down, with all its labels.',
      expr: `up{job="${JOBS.postgresql}"} * 0 + 1`,
    },
    {
      record: 'instance_datname:pg_stat_database_blks_hit:rate5m',
      meaning: 'Blocks found in shared buffers, per second.',
      expr: ratePerDatabase('pg_stat_database_blks_hit', '5m'),
    },
    {
      record: 'instance_datname:pg_stat_database_blks_read:rate5m',
      meaning: 'Blocks asked of the operating system, per second.',
      expr: ratePerDatabase('pg_stat_database_blks_read', '5m'),
    },
    {
      record: 'instance_datname:pg_stat_database_blks_hit:ratio_rate5m',
      meaning: 'Share of block reads that shared buffers answered, 0 to 1; absent while nothing is read.',
      expr:
        'instance_datname:pg_stat_database_blks_hit:rate5m / ' +
        '(instance_datname:pg_stat_database_blks_hit:rate5m + instance_datname:pg_stat_database_blks_read:rate5m > 0)',
    },
    {
      record: 'instance:pg_stat_database_blks_hit:ratio_rate5m',
      meaning: 'The same for all databases of a server together.',
      expr:
        'sum by (instance) (instance_datname:pg_stat_database_blks_hit:rate5m) / ' +
        '(sum by (instance) (instance_datname:pg_stat_database_blks_hit:rate5m + instance_datname:pg_stat_database_blks_read:rate5m) > 0)',
    },
    {
      record: 'instance_datname:pg_stat_database_xact_commit:rate5m',
      meaning: 'Transactions committed per second.',
      expr: ratePerDatabase('pg_stat_database_xact_commit', '5m'),
    },
    {
      record: 'instance_datname:pg_stat_database_xact_rollback:rate5m',
      meaning: 'Transactions rolled back per second.',
      expr: ratePerDatabase('pg_stat_database_xact_rollback', '5m'),
    },
    {
      record: 'instance_datname:pg_stat_database_xact_rollback:ratio_rate5m',
      meaning: 'Share of transactions that were rolled back, 0 to 1; absent while there are none.',
      expr:
        'instance_datname:pg_stat_database_xact_rollback:rate5m / ' +
        '(instance_datname:pg_stat_database_xact_commit:rate5m + instance_datname:pg_stat_database_xact_rollback:rate5m > 0)',
    },
    {
      record: 'instance:pg_stat_database_xact:sum_rate5m',
      meaning: 'Transactions per second of a server, committed and rolled back.',
      expr: 'sum by (instance) (instance_datname:pg_stat_database_xact_commit:rate5m + instance_datname:pg_stat_database_xact_rollback:rate5m)',
    },
    {
      record: 'instance_datname:pg_stat_database_deadlocks:increase1h',
      meaning: 'Deadlocks of the last hour.',
      expr: ratePerDatabase('pg_stat_database_deadlocks', '1h', 'increase'),
    },
    {
      record: 'instance_datname:pg_stat_database_temp_bytes:rate5m',
      meaning: 'Bytes per second that queries wrote to temporary files.',
      expr: ratePerDatabase('pg_stat_database_temp_bytes', '5m'),
    },
  ],
};
