/**
 * Reasons for which a panel may be empty on a stack in good order. Each is a question of its own to Prometheus, not about the
 * panel's own series: a renamed metric must not pass for "no replica". While a reason holds, the panel must be empty; when none
 * holds, it must not.
 */
import { JOBS } from '../../conventions.ts';

export interface EmptyWhen {
  /** In words: `no replica is connected`. */
  readonly reason: string;
  /** PromQL with Grafana's variables, as in panels; the reason holds when it returns any series, whatever its value. */
  readonly holds: string;
  /**
   * True when the panel may have data all the same, because the question is about now and the panel about a time before, or
   * because it only bounds what may be there (a small table is left out, a large one is not).
   */
  readonly mayHaveData?: boolean;
}

const SERVER = '{instance=~"$instance"}';

/** PostgreSQL below this major version has no such figures. All selected servers must be older. */
export function versionBelow(major: number): EmptyWhen {
  return {
    reason: `PostgreSQL ${major} and newer have it`,
    holds: `max(pgmon_server_version_num${SERVER}) < ${major}0000`,
  };
}

export const NO_REPLICA_SELECTED: EmptyWhen = {
  reason: 'the server is no replica',
  holds: `max(pg_replication_is_replica${SERVER}) == 0`,
};

export const ONLY_REPLICAS_SELECTED: EmptyWhen = {
  reason: 'the server is a replica',
  holds: `min(pg_replication_is_replica${SERVER}) == 1`,
};

export const NO_STATEMENTS: EmptyWhen = {
  reason: 'pg_stat_statements is not loaded',
  holds: `max(pgmon_statements_loaded${SERVER}) == 0`,
};

export const NO_SQL_EXPORTER: EmptyWhen = {
  reason: 'the stack has no SQL exporter',
  holds: `absent(up{job="${JOBS.postgresqlSql}"})`,
};

export const NO_NODE_EXPORTER: EmptyWhen = {
  reason: 'the stack has no node-exporter',
  holds: `absent(up{job="${JOBS.node}"})`,
};

/** Prometheus has no alerts then: Grafana evaluates them (`alerts.engine: grafana`), or all are switched off. */
export const NO_ALERTS_IN_PROMETHEUS: EmptyWhen = {
  reason: 'Prometheus evaluates no alerts in this stack',
  holds: 'absent(prometheus_rule_group_rules{rule_group=~".*;pgmon-availability"})',
};

/** Of the chosen databases; `$database` is needed. */
export const NOBODY_BLOCKED: EmptyWhen = {
  reason: 'nobody waits for a lock of another session',
  holds: 'max(pgmon_blocked_sessions{instance=~"$instance", datname=~"$database"}) == 0',
};

export const NO_IO_TIMING: EmptyWhen = {
  reason: 'track_io_timing is off',
  holds: `max(pg_settings_track_io_timing${SERVER}) == 0`,
};

export const NO_KCACHE: EmptyWhen = {
  reason: 'pg_stat_kcache is not loaded',
  holds: `max(pgmon_kcache_loaded${SERVER}) == 0`,
};

export const NOT_ARCHIVING: EmptyWhen = {
  reason: 'the server is not set to archive its WAL',
  holds: `max(pgmon_archive_enabled${SERVER}) == 0`,
};

export const NOTHING_ARCHIVED: EmptyWhen = {
  reason: 'nothing has been archived yet',
  holds: `max(pg_stat_archiver_archived_count${SERVER}) == 0`,
};

export const NO_TABLES: EmptyWhen = {
  reason: 'no database has tables',
  holds: `sum(pgmon_tables${SERVER}) == 0`,
};

export const NO_REPLICA_CONNECTED: EmptyWhen = {
  reason: 'no replica is connected',
  holds: `absent(pg_stat_replication_pg_wal_lsn_diff${SERVER})`,
};

export const LAG_TIME_UNKNOWN: EmptyWhen = {
  reason: 'the replicas have confirmed nothing yet',
  holds: 'max(pgmon_replica_lag_bytes{instance=~"$instance", stage="replay"}) > 0',
  mayHaveData: true,
};

/** Exporter 0.20 calls them pg_replication_slots_*. */
export const NO_SLOT: EmptyWhen = {
  reason: 'there is no replication slot',
  holds: `absent(pg_replication_slot_slot_is_active${SERVER} or pg_replication_slots_slot_is_active${SERVER})`,
};

export const SLOTS_KEEP_NOTHING: EmptyWhen = {
  reason: 'every slot is lost or has reserved no WAL',
  holds:
    'absent(pg_replication_slot_wal_status{instance=~"$instance", wal_status!="lost"}' +
    ' or pg_replication_slots_wal_status{instance=~"$instance", wal_status!="lost"})',
};

/** The query worked and found none. */
export const NO_SUBSCRIPTION: EmptyWhen = {
  reason: 'there is no logical subscription',
  holds:
    'max(pgmon_sql_query_success{instance=~"$instance", query=~"subscriptions(_by_name)?"}) == 1' +
    ` unless on () count(pgmon_subscription_enabled${SERVER}) > 0`,
};
