/** Is the server there, and what is it: primary, replica, freshly started? */
import { JOBS } from '../../conventions.ts';
import { type AlertDefinition, defineAlert } from './alert.ts';

export const AVAILABILITY_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLDown',
    scope: 'server',
    // `pg_up` is absent while a server hangs; an exporter that is down says nothing about servers, and this job's is not the slow one.
    expr:
      `pg_up{job="${JOBS.postgresql}"} == 0 or ` +
      `(up{job="${JOBS.postgresql}"} == 0 and on () min(up{job="${JOBS.postgresExporter}", instance!~".*-slow:.*"}) == 1)`,
    for: '1m',
    severity: 'critical',
    summary: 'PostgreSQL server {{ $labels.instance }} does not answer',
    description:
      'The exporter runs but could not query {{ $labels.instance }} for a minute: the server is down, hangs, has no free connection, refuses the login or cannot be reached.',
  }),
  defineAlert({
    name: 'PostgreSQLExporterDown',
    scope: 'stack',
    expr: `up{job="${JOBS.postgresExporter}"} == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'The exporter process {{ $labels.instance }} is down',
    description:
      'Prometheus cannot reach the exporter {{ $labels.instance }}. Nothing is known about the PostgreSQL servers behind it; most alerts about them cannot fire.',
  }),
  defineAlert({
    name: 'PostgreSQLRestarted',
    scope: 'server',
    // A server that pgmon did not know before has not been restarted.
    expr: `time() - max by (instance) (pg_postmaster_start_time_seconds) < <limit> and on (instance) up{job="${JOBS.postgresql}"} offset 15m`,
    threshold: { value: 600, unit: 'seconds' },
    severity: 'info',
    summary: 'PostgreSQL server {{ $labels.instance }} was restarted',
    description:
      '{{ $labels.instance }} started {{ $value | humanizeDuration }} ago. Caches are cold and statistics may be lost after a crash; if nobody restarted it, look into its log.',
    sql: 'SELECT pg_postmaster_start_time() AS started, now() - pg_postmaster_start_time() AS uptime, pg_is_in_recovery() AS is_replica;',
  }),
  defineAlert({
    name: 'PostgreSQLRoleChanged',
    scope: 'server',
    expr: 'max by (instance) (changes(pg_replication_is_replica[15m])) > 0',
    severity: 'warning',
    summary: '{{ $labels.instance }} changed between primary and replica',
    description:
      '{{ $labels.instance }} was promoted or became a replica in the last 15 minutes (changes: {{ $value }}). After a failover check that clients write to the new primary and that the old one came back as a replica.',
    sql: 'SELECT pg_is_in_recovery() AS is_replica; SELECT status, sender_host, sender_port FROM pg_stat_wal_receiver; SELECT application_name, client_addr, state, sync_state FROM pg_stat_replication;',
  }),
  defineAlert({
    name: 'PostgreSQLClusterNoPrimary',
    scope: 'stack',
    ownLabel: 'cluster',
    // Members of which nothing is known might be the primary, unless they are known to be down.
    expr:
      'count by (cluster, environment) (pg_replication_is_replica{cluster!=""})' +
      ' unless on (cluster, environment) pg_replication_is_replica{cluster!=""} == 0' +
      ` unless on (cluster, environment) (pg_up{job="${JOBS.postgresql}", cluster!=""} == 1 unless on (instance) pg_replication_is_replica)`,
    for: '1m',
    severity: 'critical',
    summary: 'Cluster {{ $labels.cluster }} has no primary',
    description:
      'Of the servers with the label cluster={{ $labels.cluster }}, {{ $value }} answer and each is a replica: nothing can be written.',
    sql: 'SELECT pg_is_in_recovery() AS is_replica, pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed, pg_last_xact_replay_timestamp() AS last_transaction;',
  }),
  defineAlert({
    name: 'PostgreSQLClusterMultiplePrimaries',
    scope: 'stack',
    ownLabel: 'cluster',
    expr: 'count by (cluster, environment) (pg_replication_is_replica{cluster!=""} == 0) > 1',
    for: '2m',
    severity: 'critical',
    summary: 'Cluster {{ $labels.cluster }} has {{ $value }} primaries',
    description:
      '{{ $value }} servers with the label cluster={{ $labels.cluster }} accept writes. Data may be diverging: keep clients away from all but one before anything else.',
    sql: "SELECT pg_is_in_recovery() AS is_replica, pg_postmaster_start_time() AS started, (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline; SELECT datname, usename, client_addr, state FROM pg_stat_activity WHERE backend_type = 'client backend' ORDER BY datname, usename;",
  }),
];
