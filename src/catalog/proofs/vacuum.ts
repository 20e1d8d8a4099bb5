/** Proofs of the alerts in `alerts/vacuum.ts` and `alerts/wraparound.ts`. */
import type { Proof } from './proof.ts';

const APP = { instance: 'app' };
const ORDERS = { ...APP, datname: 'app', schemaname: 'public', relname: 'orders' };
const TABLE_LABELS = { datname: 'app', schemaname: 'public', relname: 'orders' };
const DATABASE = { ...APP, datname: 'app' };
const CAUSES =
  'Vacuum is off, too slow, or may not freeze rows because of an old transaction, a prepared one or a slot.';

export const VACUUM_PROOFS: Readonly<Record<string, Proof>> = {
  PostgreSQLHighTableBloat: {
    fault: [{ metric: 'pgmon_table_dead_tuples', labels: ORDERS, value: 1_000_000 }],
    labels: TABLE_LABELS,
    summary: '50% of the rows of public.orders in app on app are dead',
    description:
      'Of the rows of public.orders in app on app, 50% are dead and not yet removed (limit 20 %). Scans read them all the same and the table grows. Vacuum does not come, does not get through, or may not remove them because an old transaction, a prepared one or a slot might still see them.',
  },
  PostgreSQLTableBloatEstimate: {
    fault: [{ metric: 'pgmon_table_bloat_ratio', labels: ORDERS, value: 0.7 }],
    labels: TABLE_LABELS,
    summary: 'About 70% of public.orders in app on app is empty space',
    description:
      'From the statistics of its columns public.orders in app on app should need 70% less space than it takes (limit 50 %; an estimate). The space is used again by new rows but not given back. If the table will not grow again, rewrite it with pg_repack or VACUUM FULL in a quiet hour.',
  },
  PostgreSQLAutovacuumBehind: {
    fault: [{ metric: 'pgmon_table_vacuum_ratio', labels: ORDERS, value: 5 }],
    labels: TABLE_LABELS,
    summary: 'Autovacuum is behind on public.orders in app on app',
    description:
      'For an hour public.orders in app on app has had 5 times the dead rows at which autovacuum should start (limit 2 times). Autovacuum is off for it, has too few workers or too small a cost limit, is cancelled by locks, or cannot remove the rows.',
  },
  PostgreSQLAutoanalyzeBehind: {
    fault: [{ metric: 'pgmon_table_analyze_ratio', labels: ORDERS, value: 8 }],
    labels: TABLE_LABELS,
    summary: 'Statistics of public.orders in app on app are old',
    description:
      'For an hour public.orders in app on app has had 8 times the changed rows at which its statistics should be renewed (limit 3 times). The planner works with old figures and may choose bad plans.',
  },
  PostgreSQLAutovacuumSaturated: {
    fault: [{ metric: 'pgmon_autovacuum_workers', labels: APP, value: 3 }],
    labels: {},
    summary: 'All autovacuum workers of app are busy',
    description:
      'For 30 minutes every one of the autovacuum_max_workers of app has been at work: other tables wait for their turn. More workers share one cost limit, so raise autovacuum_vacuum_cost_limit first.',
  },
  PostgreSQLTransactionIdWraparound: {
    fault: [
      { metric: 'pg_database_wraparound_age_datfrozenxid_seconds', labels: DATABASE, value: 400_000_000 },
    ],
    labels: { datname: 'app' },
    summary: 'Old transaction ids are not frozen in app on app',
    description: `The oldest transaction id of the database app on app has reached 200% of autovacuum_freeze_max_age (limit 150 %), although autovacuum should have frozen it at 100 %. ${CAUSES}`,
  },
  PostgreSQLTransactionIdWraparoundImminent: {
    fault: [
      { metric: 'pg_database_wraparound_age_datfrozenxid_seconds', labels: DATABASE, value: 1_932_735_283.2 },
    ],
    labels: { datname: 'app' },
    summary: 'Transaction ids of app are running out',
    description: `The database app on app has used 90% of all transaction ids since its oldest unfrozen row (limit 75 %). At 100 % the server stops to accept writes until the database has been vacuumed. ${CAUSES}`,
  },
  PostgreSQLMultixactWraparound: {
    fault: [
      { metric: 'pg_database_wraparound_age_datminmxid_seconds', labels: DATABASE, value: 800_000_000 },
    ],
    labels: { datname: 'app' },
    summary: 'Old multixact ids are not frozen in app on app',
    description: `The oldest multixact id of the database app on app has reached 200% of autovacuum_multixact_freeze_max_age (limit 150 %), although autovacuum should have frozen it at 100 %. Multixacts come from rows that several transactions lock at once, as foreign keys do. ${CAUSES}`,
  },
  PostgreSQLMultixactWraparoundImminent: {
    fault: [
      { metric: 'pg_database_wraparound_age_datminmxid_seconds', labels: DATABASE, value: 1_932_735_283.2 },
    ],
    labels: { datname: 'app' },
    summary: 'Multixact ids of app are running out',
    description: `The database app on app has used 90% of all multixact ids since its oldest unfrozen row (limit 75 %). At 100 % the server stops to accept writes until the database has been vacuumed. ${CAUSES}`,
  },
};
