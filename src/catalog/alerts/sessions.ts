/** Sessions that hold others up: open transactions, locks, prepared transactions. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const BLOCKING =
  'SELECT a.pid, a.datname, a.usename, now() - a.query_start AS waiting, pg_blocking_pids(a.pid) AS blocked_by, left(a.query, 100) AS query FROM pg_stat_activity a WHERE cardinality(pg_blocking_pids(a.pid)) > 0 ORDER BY a.query_start; SELECT DISTINCT b.pid, b.usename, b.application_name, b.state, now() - b.xact_start AS in_transaction, left(b.query, 100) AS query FROM pg_stat_activity a CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) AS blocker(pid) JOIN pg_stat_activity b ON b.pid = blocker.pid;';

export const SESSIONS_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    name: 'PostgreSQLIdleInTransaction',
    scope: 'server',
    expr: 'max by (instance, datname, usename) (pg_stat_activity_max_tx_duration{backend_type="client backend", state=~"idle in transaction|idle in transaction \\\\(aborted\\\\)"}) > <limit>',
    threshold: { value: 300, unit: 'seconds' },
    // A transaction with many short statements is seen idle now and then; one that is left alone is seen so each time.
    for: '2m',
    severity: 'warning',
    silentWhen: 'no session is idle in a transaction',
    summary:
      'A transaction of {{ $labels.usename }} on {{ $labels.instance }} has been open and idle for {{ $value | humanizeDuration }}',
    description:
      'A session of {{ $labels.usename }} in the database {{ $labels.datname }} on {{ $labels.instance }} does nothing inside a transaction that began {{ $value | humanizeDuration }} ago (limit <limit>). It keeps its locks and keeps vacuum from removing dead rows.',
    sql: "SELECT pid, datname, usename, application_name, client_addr, now() - xact_start AS in_transaction, now() - state_change AS idle, left(query, 100) AS last_query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' ORDER BY xact_start LIMIT 20;",
  }),
  defineAlert({
    name: 'PostgreSQLLongTransaction',
    scope: 'server',
    // A dump is one long transaction by design; what it holds back, PostgreSQLOldXminHorizon sees.
    expr: 'max by (instance, datname, usename) (pg_stat_activity_max_tx_duration{backend_type="client backend", application_name!="pg_dump"}) > <limit>',
    threshold: { value: 1800, unit: 'seconds' },
    for: '1m',
    severity: 'warning',
    summary:
      'A transaction of {{ $labels.usename }} on {{ $labels.instance }} has been open for {{ $value | humanizeDuration }}',
    description:
      'The oldest transaction of {{ $labels.usename }} in the database {{ $labels.datname }} on {{ $labels.instance }} began {{ $value | humanizeDuration }} ago (limit <limit>). It keeps vacuum from removing rows that died since, and its locks stay.',
    sql: "SELECT pid, datname, usename, application_name, state, now() - xact_start AS in_transaction, age(backend_xmin) AS xmin_age, left(query, 100) AS query FROM pg_stat_activity WHERE xact_start IS NOT NULL AND backend_type = 'client backend' ORDER BY xact_start LIMIT 20;",
  }),
  defineAlert({
    name: 'PostgreSQLBlockedSessions',
    scope: 'server',
    expr: 'sum by (instance, datname) (pg_stat_activity_count{wait_event_type="Lock"}) > <limit>',
    threshold: { value: 5, unit: 'count' },
    for: '2m',
    severity: 'warning',
    silentWhen: 'no session waits for a lock',
    summary: '{{ $value }} sessions wait for locks on {{ $labels.instance }}',
    description:
      '{{ $value }} sessions in the database {{ $labels.datname }} on {{ $labels.instance }} wait for locks that others hold (limit <limit>). Find the session at the head of the queue: often a schema change or an idle transaction.',
    sql: BLOCKING,
  }),
  defineAlert({
    name: 'PostgreSQLLongLockWait',
    scope: 'server',
    expr: 'max by (instance, datname) (pgmon_blocked_seconds_max) > <limit>',
    threshold: { value: 120, unit: 'seconds' },
    for: '1m',
    severity: 'warning',
    needs: ['sql-exporter'],
    summary: 'A session on {{ $labels.instance }} has waited for a lock for {{ $value | humanizeDuration }}',
    description:
      'In the database {{ $labels.datname }} on {{ $labels.instance }} a session has waited for {{ $value | humanizeDuration }} for a lock that another session holds (limit <limit>).',
    sql: BLOCKING,
  }),
  defineAlert({
    name: 'PostgreSQLLockTableUsage',
    scope: 'server',
    expr: 'instance:pg_locks_count:ratio > <limit>',
    threshold: { value: 50, unit: 'percent' },
    for: '5m',
    severity: 'warning',
    summary: 'The lock table of {{ $labels.instance }} is {{ $value | humanizePercentage }} full',
    description:
      'Sessions of {{ $labels.instance }} hold {{ $value | humanizePercentage }} of the locks that fit into shared memory (limit <limit>). When it is full, statements fail with "out of shared memory". Usual cause: transactions that touch very many tables or partitions.',
    sql: 'SELECT l.pid, a.usename, a.application_name, count(*) AS locks, now() - min(a.xact_start) AS in_transaction, left(min(a.query), 100) AS query FROM pg_locks l JOIN pg_stat_activity a USING (pid) GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 20;',
  }),
  defineAlert({
    name: 'PostgreSQLOldPreparedTransaction',
    scope: 'server',
    expr: 'max by (instance, datname) (pgmon_prepared_transaction_age_seconds) > <limit>',
    threshold: { value: 3600, unit: 'seconds' },
    for: '5m',
    severity: 'warning',
    needs: ['sql-exporter'],
    silentWhen: 'no transaction is prepared',
    summary:
      'A prepared transaction on {{ $labels.instance }} has been waiting for {{ $value | humanizeDuration }}',
    description:
      'In the database {{ $labels.datname }} on {{ $labels.instance }} a transaction was prepared {{ $value | humanizeDuration }} ago (limit <limit>) and neither committed nor rolled back. It holds locks and holds vacuum back, also after a restart.',
    sql: 'SELECT gid, database, owner, prepared, now() - prepared AS age, age(transaction) AS xid_age FROM pg_prepared_xacts ORDER BY prepared;',
  }),
  defineAlert({
    name: 'PostgreSQLOldXminHorizon',
    scope: 'server',
    expr: 'max by (instance, holder) (pgmon_xmin_age_transactions) > <limit>',
    threshold: { value: 10_000_000, unit: 'count' },
    for: '10m',
    severity: 'warning',
    needs: ['sql-exporter'],
    summary:
      'Vacuum on {{ $labels.instance }} is held back by {{ $value | humanize }} transactions ({{ $labels.holder }})',
    description:
      'The oldest snapshot on {{ $labels.instance }} is {{ $value | humanize }} transactions old (limit <limit>); a {{ $labels.holder }} holds it. Vacuum cannot remove rows that died since: tables grow and, in the end, transaction ids run out.',
    sql: "SELECT 'transaction' AS holder, pid::text AS who, age(backend_xmin) AS xmin_age FROM pg_stat_activity WHERE backend_xmin IS NOT NULL UNION ALL SELECT 'prepared', gid, age(transaction) FROM pg_prepared_xacts UNION ALL SELECT 'slot', slot_name::text, greatest(age(xmin), age(catalog_xmin)) FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL UNION ALL SELECT 'replica', application_name, age(backend_xmin) FROM pg_stat_replication WHERE backend_xmin IS NOT NULL ORDER BY xmin_age DESC LIMIT 20;",
  }),
];
