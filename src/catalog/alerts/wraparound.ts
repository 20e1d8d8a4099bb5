/** Transaction and multixact ids that are used up before vacuum freezes the old ones. Part of the family `vacuum`. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const SQL =
  "SELECT datname, age(datfrozenxid) AS xid_age, mxid_age(datminmxid) AS multixact_age, datallowconn FROM pg_database ORDER BY age(datfrozenxid) DESC; SELECT c.oid::regclass AS relation, age(c.relfrozenxid) AS xid_age, mxid_age(c.relminmxid) AS multixact_age, pg_size_pretty(pg_table_size(c.oid)) AS size FROM pg_class AS c WHERE c.relkind IN ('r', 'm', 't') ORDER BY age(c.relfrozenxid) DESC LIMIT 10; SELECT name, setting FROM pg_settings WHERE name IN ('autovacuum', 'autovacuum_freeze_max_age', 'autovacuum_multixact_freeze_max_age', 'vacuum_failsafe_age'); SELECT pid, usename, state, age(backend_xmin) AS xmin_age, now() - xact_start AS in_transaction FROM pg_stat_activity WHERE backend_xmin IS NOT NULL ORDER BY age(backend_xmin) DESC LIMIT 10; SELECT gid, database, prepared FROM pg_prepared_xacts ORDER BY prepared; SELECT slot_name, active, age(xmin) AS xmin_age, age(catalog_xmin) AS catalog_xmin_age FROM pg_replication_slots;";

const age = (id: 'frozenxid' | 'minmxid') =>
  `max by (instance, datname) (pg_database_wraparound_age_dat${id}_seconds)`;
/** The exporter names it seconds, but it is a number of ids. */
const ofSetting = (id: 'frozenxid' | 'minmxid', setting: string) =>
  `${age(id)} / on (instance) group_left () max by (instance) (pg_settings_${setting} > 0) > <limit>`;
const OF_ALL = '/ 2147483648 > <limit>';

const SHARED = { scope: 'server', for: '5m', sql: SQL } as const;
const PLACE = 'the database {{ $labels.datname }} on {{ $labels.instance }}';
const CAUSES =
  'Vacuum is off, too slow, or may not freeze rows because of an old transaction, a prepared one or a slot.';
const STOP = 'At 100 % the server stops to accept writes until the database has been vacuumed.';

export const WRAPAROUND_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLTransactionIdWraparound',
    // At 100 % autovacuum starts the vacuum that ought to prevent this; some time above is normal.
    expr: ofSetting('frozenxid', 'autovacuum_freeze_max_age'),
    threshold: { value: 150, unit: 'percent' },
    severity: 'warning',
    summary: 'Old transaction ids are not frozen in {{ $labels.datname }} on {{ $labels.instance }}',
    description: `The oldest transaction id of ${PLACE} has reached {{ $value | humanizePercentage }} of autovacuum_freeze_max_age (limit <limit>), although autovacuum should have frozen it at 100 %. ${CAUSES}`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLTransactionIdWraparoundImminent',
    expr: `${age('frozenxid')} ${OF_ALL}`,
    threshold: { value: 75, unit: 'percent' },
    severity: 'critical',
    summary: 'Transaction ids of {{ $labels.instance }} are running out',
    description: `${PLACE.replace('the', 'The')} has used {{ $value | humanizePercentage }} of all transaction ids since its oldest unfrozen row (limit <limit>). ${STOP} ${CAUSES}`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLMultixactWraparound',
    expr: ofSetting('minmxid', 'autovacuum_multixact_freeze_max_age'),
    threshold: { value: 150, unit: 'percent' },
    severity: 'warning',
    summary: 'Old multixact ids are not frozen in {{ $labels.datname }} on {{ $labels.instance }}',
    description: `The oldest multixact id of ${PLACE} has reached {{ $value | humanizePercentage }} of autovacuum_multixact_freeze_max_age (limit <limit>), although autovacuum should have frozen it at 100 %. Multixacts come from rows that several transactions lock at once, as foreign keys do. ${CAUSES}`,
  }),
  defineAlert({
    ...SHARED,
    name: 'PostgreSQLMultixactWraparoundImminent',
    expr: `${age('minmxid')} ${OF_ALL}`,
    threshold: { value: 75, unit: 'percent' },
    severity: 'critical',
    summary: 'Multixact ids of {{ $labels.instance }} are running out',
    description: `${PLACE.replace('the', 'The')} has used {{ $value | humanizePercentage }} of all multixact ids since its oldest unfrozen row (limit <limit>). ${STOP} ${CAUSES}`,
  }),
];
