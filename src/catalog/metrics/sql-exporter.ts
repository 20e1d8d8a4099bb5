/** What pgmon's SQL exporter gives: names and versions come from its queries, the words for a metric's absence from here. */
import { JOBS } from '../../conventions.ts';
import { SQL_QUERIES } from '../sql-queries/all-queries.ts';
import { defineSource, type MetricSource } from './metric-source.ts';

/** Rows are there only while there is something to tell. The first one that matches counts. */
const ABSENT_WHEN: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^pgmon_blocked_pair_/, 'nobody is blocked'],
  [/^pgmon_replica_(lag|info)/, 'no replica is connected'],
  [/^pgmon_io_(read|write)_seconds_/, 'track_io_timing is off'],
  [/^pgmon_vacuum_progress_/, 'no vacuum runs'],
  [
    /^pgmon_kcache_(?!loaded)/,
    'pg_stat_kcache is not loaded, or not created in the database that is connected to',
  ],
  [/^pgmon_prepared_transaction_age_/, 'no transaction is prepared'],
  [/^pgmon_xmin_holder_age_/, 'nothing holds the horizon back'],
  [/^pgmon_checksum_/, 'data checksums are off'],
  [/^pgmon_wal_ready_/, 'the role may not read the archive status'],
  [/^pgmon_subscription_/, 'no subscription'],
  [/^pgmon_statements_(?!loaded)/, 'pg_stat_statements is not loaded'],
  [/^pgmon_table_/, 'no database has tables'],
  [/^pgmon_index_invalid$/, 'no index is invalid'],
  [/^pgmon_index_/, 'no database has indexes'],
  [/^pgmon_sequence/, 'there are no sequences'],
];

const ROLES = { primary: 'no primary', replica: 'no replica' } as const;

/** Always from the exporter itself. */
const OWN = defineSource({
  names:
    'pgmon_sql_(query_success|query_duration_seconds|databases|databases_skipped)|pgmon_server_(info|version_num)',
  job: JOBS.postgresqlSql,
});

export const SQL_EXPORTER_METRICS: readonly MetricSource[] = [
  OWN,
  ...SQL_QUERIES.flatMap(({ metrics, minVersion, maxVersion, role }) =>
    metrics.map(({ name }) => {
      const reason = ABSENT_WHEN.find(([names]) => names.test(name))?.[1] ?? null;
      const absentWhen = role === null ? reason : ROLES[role];
      return defineSource({ names: name, job: JOBS.postgresqlSql, minVersion, maxVersion, absentWhen });
    }),
  ),
];
