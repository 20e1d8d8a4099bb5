/**
 * One figure of each kind for each server, so that a dashboard of a thousand servers reads a thousand series for each column and
 * not those of all their databases. Made as often as the slow job brings new samples.
 */
import { JOBS } from '../../conventions.ts';
import type { RecordingGroup } from './recording.ts';
import { DECLARED_SERVERS } from './servers.ts';

/** 1 for every declared server with its labels, and `version` and `role` besides: what rows of a fleet are made from. */
export const SERVER_INFO = 'instance:pgmon_server:info';

/** `18.6.0`, as the exporter has it, is not what PostgreSQL calls itself. */
const VERSION =
  'group by (instance, version) (label_replace(label_replace(pg_static, "version", "$1", "short_version", "(.*)"), ' +
  '"version", "$1", "short_version", "([0-9]+[.][0-9]+)[.]0"))';

const ROLE =
  'group by (instance, role) (label_replace(pg_replication_is_replica == 0, "role", "primary", "", "") ' +
  'or label_replace(pg_replication_is_replica == 1, "role", "replica", "", ""))';

/** A server that does not answer has these labels too: its row must not be missing. */
const unknown = (label: string) => `label_replace(${DECLARED_SERVERS}, "${label}", "unknown", "", "")`;

/** What the jobs say that ask servers; the label of the job is left out. */
const SCRAPES = `scrape_duration_seconds{job=~"${JOBS.postgresql}|${JOBS.postgresqlSlow}|${JOBS.postgresqlSql}"}`;

const age = (id: 'frozenxid' | 'minmxid') =>
  `max by (instance) (pg_database_wraparound_age_dat${id}_seconds)`;

export const FLEET_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-fleet',
  intervalSeconds: 60,
  rules: [
    {
      record: 'instance:pg_up:bool',
      meaning: '1 = the server answers, 0 = it does not, or nobody can ask it.',
      // `pg_up` is absent while a server hangs.
      expr: `max by (instance) (pg_up{job="${JOBS.postgresql}"}) or max by (instance) (${DECLARED_SERVERS}) * 0`,
    },
    {
      record: SERVER_INFO,
      meaning:
        '1 for every server of the spec, with all its labels, its version and its role: primary, replica or unknown.',
      expr:
        `${DECLARED_SERVERS} * on (instance) group_left (version) (${VERSION} or on (instance) ${unknown('version')})` +
        ` * on (instance) group_left (role) (${ROLE} or on (instance) ${unknown('role')})`,
    },
    {
      record: 'instance:pgmon_server_role:code',
      meaning: '2 = primary, 1 = replica, 0 = the server does not say.',
      expr: `2 - max by (instance) (pg_replication_is_replica) or max by (instance) (${DECLARED_SERVERS}) * 0`,
    },
    {
      record: 'instance:pg_replication_lag_seconds:max',
      meaning: 'Seconds that a replica is behind; absent on a primary.',
      expr: 'max by (instance) (pg_replication_lag_seconds) and on (instance) pg_replication_is_replica == 1',
    },
    {
      record: 'instance:pg_stat_database_xact_rollback:ratio_rate5m',
      meaning:
        'Share of the transactions of a server that were rolled back, 0 to 1; absent while there are none.',
      expr:
        'sum by (instance) (instance_datname:pg_stat_database_xact_rollback:rate5m)' +
        ' / (instance:pg_stat_database_xact:sum_rate5m > 0)',
    },
    {
      record: 'instance:pg_database_size_bytes:sum',
      meaning: 'Bytes of all databases of a server, without the templates.',
      expr: 'sum by (instance) (pg_database_size_bytes{datname!~"template0|template1"})',
    },
    {
      record: 'instance:pg_database_wraparound_age:ratio',
      meaning:
        'Share of the transaction ids or multixact ids that are used up, whichever is more, 0 to 1; at 1 the server stops to accept writes.',
      expr: `(${age('frozenxid')} > ${age('minmxid')} or ${age('minmxid')}) / 2147483648`,
    },
    {
      record: 'instance:scrape_duration_seconds:max',
      meaning: 'Seconds of the longest of the last scrapes of a server, one for each job.',
      expr: `max without (job) (${SCRAPES})`,
    },
    {
      record: 'instance:scrape_duration_seconds:ratio10m',
      meaning: 'Share of the last ten minutes in which a scrape of the server ran, all jobs together.',
      expr: `sum without (job) (sum_over_time(${SCRAPES}[10m])) / 600`,
    },
  ],
};
