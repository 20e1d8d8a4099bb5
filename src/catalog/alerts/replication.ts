/** Streaming replication, seen from both sides. */
import { type AlertDefinition, defineAlert } from './alert.ts';
import { SLOT_ALERTS } from './slots.ts';
import { SUBSCRIPTION_ALERTS } from './subscriptions.ts';

/** What a primary knows of its standbys; the text of `primary_conninfo` may hold a password. */
const SENDERS_SQL =
  'SELECT application_name, client_addr, state, sync_state, write_lag, flush_lag, replay_lag, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, replay_lsn) AS bytes_behind FROM pg_stat_replication ORDER BY bytes_behind DESC NULLS LAST;';
const RECEIVER_SQL =
  "SELECT pg_is_in_recovery() AS is_replica, (SELECT setting <> '' FROM pg_settings WHERE name = 'primary_conninfo') AS has_primary, status, sender_host, sender_port, slot_name, last_msg_receipt_time FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver ON true;";
const REPLAY_SQL =
  'SELECT pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed, pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) AS bytes_to_replay, now() - pg_last_xact_replay_timestamp() AS since_last_transaction, CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS is_paused;';
const LONG_QUERIES_SQL =
  "SELECT pid, usename, datname, now() - xact_start AS in_transaction, left(query, 100) AS query FROM pg_stat_activity WHERE backend_type = 'client backend' AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 20;";

/** Connections of standbys by name, and how many there were for most of the last hour. */
const STANDBYS = 'instance_application_name:pg_stat_replication:count';
const USUAL_STANDBYS = `round(avg_over_time(${STANDBYS}[1h]))`;

export const REPLICATION_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLReplicationLag',
    scope: 'server',
    // 0 on a primary, on a replica that has replayed all it received, and on one without a connection: PostgreSQLReplicationBroken.
    expr: 'max by (instance) (pg_replication_lag_seconds) > <limit>',
    threshold: { value: 60, unit: 'seconds' },
    for: '5m',
    keepFiringFor: '5m',
    severity: 'warning',
    summary: 'Replica {{ $labels.instance }} is {{ $value | humanizeDuration }} behind',
    description:
      'The last transaction that {{ $labels.instance }} replayed is {{ $value | humanizeDuration }} old while newer ones wait (limit <limit>). Readers see old data, and a failover to it would take that long. Replay is slow, paused, or held up by a query or a lock on the replica.',
    sql: `${REPLAY_SQL} ${LONG_QUERIES_SQL}`,
  }),
  defineAlert({
    name: 'PostgreSQLReplicationLagBytes',
    scope: 'server',
    expr: 'max by (instance, application_name, client_addr) (pg_stat_replication_pg_wal_lsn_diff) > <limit>',
    threshold: { value: 1_073_741_824, unit: 'bytes' },
    for: '5m',
    keepFiringFor: '5m',
    severity: 'warning',
    silentWhen: 'no replica is connected',
    summary:
      'Replica {{ $labels.application_name }} of {{ $labels.instance }} is {{ $value | humanize1024 }}B behind',
    description:
      '{{ $labels.application_name }} ({{ $labels.client_addr }}) has yet to replay {{ $value | humanize1024 }}B of the WAL of {{ $labels.instance }} (limit <limit>). If the network or the replica cannot keep up, that WAL is kept on the primary or the replica is lost.',
    sql: SENDERS_SQL,
  }),
  defineAlert({
    name: 'PostgreSQLReplicationBroken',
    scope: 'server',
    // Not from the exporter's pg_stat_wal_receiver_*: those leave out a replica that uses no slot.
    expr: 'max by (instance) (pgmon_wal_receiver_up) == 0',
    for: '2m',
    severity: 'critical',
    needs: ['sql-exporter'],
    silentWhen: 'no replica with a primary_conninfo',
    summary: 'Replica {{ $labels.instance }} receives nothing from its primary',
    description:
      '{{ $labels.instance }} is a replica without a running WAL receiver: it falls behind, and its own lag figure stays at 0. The primary is down or refuses it, the network is cut, or WAL that it needs is gone. Its log says which.',
    sql: `${RECEIVER_SQL} ${REPLAY_SQL}`,
  }),
  defineAlert({
    name: 'PostgreSQLReplicaDisconnected',
    scope: 'server',
    expr:
      `((${USUAL_STANDBYS} > ${STANDBYS}) or (${USUAL_STANDBYS} unless ${STANDBYS}))` +
      // Of a server that cannot be seen nothing is known.
      ' and on (instance) max by (instance) (pg_replication_is_replica) == 0',
    for: '5m',
    severity: 'warning',
    silentWhen: 'no replica was connected in the last hour',
    summary: 'Replica {{ $labels.application_name }} is no longer connected to {{ $labels.instance }}',
    description:
      'For most of the last hour {{ $value }} connection(s) named {{ $labels.application_name }} streamed from {{ $labels.instance }}; now there are fewer. Redundancy is reduced, and a slot of that replica keeps WAL. This alert ends by itself an hour after the loss, so a replica that was removed on purpose needs nothing.',
    sql: `${SENDERS_SQL} SELECT slot_name, slot_type, active, restart_lsn FROM pg_replication_slots ORDER BY slot_name;`,
  }),
  defineAlert({
    name: 'PostgreSQLReplayPaused',
    scope: 'server',
    expr: 'max by (instance) (pgmon_replay_paused) == 1',
    for: '10m',
    severity: 'warning',
    needs: ['sql-exporter'],
    silentWhen: 'no replica',
    summary: 'Replay is paused on replica {{ $labels.instance }}',
    description:
      'Somebody called pg_wal_replay_pause() on {{ $labels.instance }}, or a setting that must not be smaller than on the primary stopped replay, more than 10 minutes ago. It receives WAL and does not apply it: readers see old data and its disk fills.',
    sql: REPLAY_SQL,
  }),
  defineAlert({
    name: 'PostgreSQLStandbyConflicts',
    scope: 'server',
    expr: 'sum by (instance, datname) (increase(pg_stat_database_conflicts[15m])) > <limit>',
    threshold: { value: 10, unit: 'count' },
    keepFiringFor: '15m',
    severity: 'warning',
    summary: 'Replica {{ $labels.instance }} cancels queries in {{ $labels.datname }}',
    description:
      'In 15 minutes {{ $labels.instance }} cancelled {{ $value | humanize }} queries in {{ $labels.datname }} because they stood in the way of replay (limit <limit>). Shorten the queries, raise max_standby_streaming_delay, or turn on hot_standby_feedback and accept dead rows on the primary.',
    sql: "SELECT datname, confl_tablespace, confl_lock, confl_snapshot, confl_bufferpin, confl_deadlock FROM pg_stat_database_conflicts ORDER BY datname; SELECT name, setting, unit FROM pg_settings WHERE name IN ('hot_standby_feedback', 'max_standby_streaming_delay', 'max_standby_archive_delay');",
  }),
  ...SLOT_ALERTS,
  ...SUBSCRIPTION_ALERTS,
];
