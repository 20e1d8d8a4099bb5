/**
 * Reasons for which a panel may be empty on a stack in good order. Each is a question of its own to Prometheus, not about the
 * panel's own series: a renamed metric must not pass for "no replica". While a reason holds, the panel must be empty; when none
 * holds, it must not.
 */

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

/** PostgreSQL from this major version on no longer has such figures. */
export function versionFrom(major: number): EmptyWhen {
  return {
    reason: `PostgreSQL ${major} and newer no longer have it`,
    holds: `min(pgmon_server_version_num${SERVER}) >= ${major}0000`,
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
