/** Checkpoints. */
import { type AlertDefinition, defineAlert } from './alert.ts';

/** From PostgreSQL 17 on the counters belong to the checkpointer. */
const increase = (checkpointer: string, bgwriter: string) =>
  `max by (instance) (increase(pg_stat_checkpointer_${checkpointer}_total[15m]) or increase(pg_stat_bgwriter_${bgwriter}_total[15m]))`;
const REQUESTED = increase('num_requested', 'checkpoints_req');
const TIMED = increase('num_timed', 'checkpoints_timed');

export const CHECKPOINTS_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLTooManyForcedCheckpoints',
    scope: 'server',
    // With fewer than three in 15 minutes a share says nothing. A replica repeats its primary's.
    expr:
      `(${REQUESTED} > 3) / (${REQUESTED} + ${TIMED}) > <limit>` +
      ' unless on (instance) pg_replication_is_replica == 1',
    threshold: { value: 50, unit: 'percent' },
    for: '10m',
    keepFiringFor: '5m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of checkpoints on {{ $labels.instance }} are forced',
    description:
      'In 15 minutes {{ $value | humanizePercentage }} of the checkpoints on {{ $labels.instance }} came before their time (limit <limit>): WAL reached max_wal_size, or somebody asked for them. Each writes everything at once and makes the next changes of each page larger in WAL. Usually max_wal_size is too small for the load.',
    // The counters moved between versions; the statement inside is chosen when it runs.
    sql: "SELECT name, setting, unit FROM pg_settings WHERE name IN ('max_wal_size', 'min_wal_size', 'checkpoint_timeout', 'checkpoint_completion_target', 'log_checkpoints'); SELECT query_to_xml('SELECT * FROM ' || CASE WHEN to_regclass('pg_catalog.pg_stat_checkpointer') IS NULL THEN 'pg_stat_bgwriter' ELSE 'pg_stat_checkpointer' END, true, false, '') AS counters;",
  }),
];
