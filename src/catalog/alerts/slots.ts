/** Replication slots: what they keep and what they may lose. Part of the family `replication`. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const SLOTS_SQL =
  "SELECT slot_name, slot_type, database, active, active_pid, wal_status, safe_wal_size, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn) AS retained_bytes FROM pg_replication_slots ORDER BY retained_bytes DESC NULLS FIRST; SELECT name, setting, unit FROM pg_settings WHERE name IN ('max_slot_wal_keep_size', 'wal_keep_size');";

const SILENT = 'no replication slot';

/** Exporter 0.20 calls them pg_replication_slots_*. */
const bothNames = (metric: string, matcher = '') =>
  `max by (instance, slot_name) (pg_replication_slot_${metric}${matcher} or pg_replication_slots_${metric}${matcher})`;

export const SLOT_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLReplicationSlotInactive',
    scope: 'server',
    // Replicas hold slots for a later failover, which nobody reads yet.
    expr: 'max by (instance, slot_name) (pg_replication_slots_active) == 0 unless on (instance) pg_replication_is_replica == 1',
    for: '10m',
    severity: 'warning',
    silentWhen: SILENT,
    summary: 'Nobody reads replication slot {{ $labels.slot_name }} of {{ $labels.instance }}',
    description:
      'The slot {{ $labels.slot_name }} on {{ $labels.instance }} has had no reader for 10 minutes. It keeps WAL, and a logical one also dead rows of the catalogue, until its reader is back or it is dropped: the disk fills.',
    sql: SLOTS_SQL,
  }),
  defineAlert({
    name: 'PostgreSQLReplicationSlotRetainingWAL',
    scope: 'server',
    // NaN once the slot is lost; PostgreSQLReplicationSlotAtRisk sees that.
    expr: 'max by (instance, slot_name) (pg_replication_slots_pg_wal_lsn_diff) > <limit>',
    threshold: { value: 5_368_709_120, unit: 'bytes' },
    for: '5m',
    severity: 'warning',
    silentWhen: SILENT,
    summary:
      'Replication slot {{ $labels.slot_name }} of {{ $labels.instance }} keeps {{ $value | humanize1024 }}B of WAL',
    description:
      'Because of the slot {{ $labels.slot_name }}, {{ $labels.instance }} cannot remove {{ $value | humanize1024 }}B of WAL (limit <limit>). Its reader is gone or too slow. Without max_slot_wal_keep_size this goes on until the disk is full and the server stops.',
    sql: SLOTS_SQL,
  }),
  defineAlert({
    name: 'PostgreSQLReplicationSlotAtRisk',
    scope: 'server',
    // The safe size disappears with the slot; its status stays.
    expr:
      `(${bothNames('safe_wal_size_bytes')} / on (instance) group_left () max by (instance) (pg_settings_max_slot_wal_keep_size_bytes > 0)) < <limit>` +
      ` or ${bothNames('wal_status', '{wal_status=~"unreserved|lost"}')} * 0`,
    threshold: { value: 20, unit: 'percent' },
    for: '1m',
    severity: 'critical',
    silentWhen: 'no replication slot, or max_slot_wal_keep_size is -1',
    summary:
      'Replication slot {{ $labels.slot_name }} of {{ $labels.instance }} is about to be lost or is lost',
    description:
      'The slot {{ $labels.slot_name }} on {{ $labels.instance }} may keep {{ $value | humanizePercentage }} more of max_slot_wal_keep_size before the server gives it up (limit <limit>; 0 % or less: WAL that it needs is being removed or gone). After that its replica must be built anew and a subscriber copied again.',
    sql: SLOTS_SQL,
  }),
];
