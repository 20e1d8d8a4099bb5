/** What vacuum does just now, and what holds it back. */
import { NO_SQL_EXPORTER } from '../empty-when.ts';
import { query, stat, timeSeries } from '../house-look.ts';
import { anyIsBad, NO_IS_BAD } from '../thresholds.ts';

const MINUTE = { everySeconds: 60 } as const;
const SERVER = '{instance=~"$instance"}';
const WORKERS_BUSY = `max(pgmon_autovacuum_workers${SERVER}) / (max(pgmon_autovacuum_workers_max${SERVER}) > 0)`;
const OLD_HORIZON = 10_000_000;
const HOLDERS =
  'transaction: a session that is open for long; prepared: a prepared transaction; slot: a replication slot; replica: a replica with hot_standby_feedback';

export const AUTOVACUUM_ON = stat({
  id: 'autovacuum-on',
  title: 'Autovacuum (on/off)',
  text: {
    shows: 'The setting autovacuum of the server. Tables may have a setting of their own.',
    normal: 'On.',
    action: 'Switch it on. Without it tables only grow, until the server stops to take writes.',
  },
  unit: 'bool_yes_no',
  words: { '0': 'off', '1': 'on' },
  thresholds: NO_IS_BAD,
  queries: [query(`min(pg_settings_autovacuum${SERVER})`, 'autovacuum', MINUTE)],
  alert: 'PostgreSQLDangerousSettings',
});

export const WORKERS_IN_USE = stat({
  id: 'workers-in-use',
  title: 'Autovacuum Workers in Use (%)',
  text: {
    shows: 'Autovacuum workers that run, of the autovacuum_max_workers that may.',
    normal: 'Below 100 % most of the time.',
    action:
      'All busy for long: raise autovacuum_vacuum_cost_limit first, then the number of workers, which share it. 09-Vacuum has more.',
  },
  unit: 'percentunit',
  thresholds: anyIsBad('warning'),
  hasSparkline: true,
  queries: [query(WORKERS_BUSY, 'in use', MINUTE)],
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLAutovacuumSaturated',
});

export const HORIZON = stat({
  id: 'horizon',
  title: 'Oldest Snapshot (transactions ago)',
  text: {
    shows:
      'How many transactions ago the oldest snapshot was taken that somebody still holds. VACUUM removes no row that died since.',
    normal: 'Some thousands, and it falls back all the time.',
    action: 'The chart below says which kind of holder it is; 03-Connections has the long transactions.',
  },
  unit: 'short',
  thresholds: anyIsBad('warning', OLD_HORIZON),
  hasSparkline: true,
  queries: [query(`max(pgmon_xmin_age_transactions${SERVER})`, 'transactions', MINUTE)],
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLOldXminHorizon',
});

export const HORIZON_HOLDERS = timeSeries({
  id: 'horizon-holders',
  title: 'What Holds VACUUM Back (transactions ago)',
  text: {
    shows: `Age of the oldest snapshot by who holds it. ${HOLDERS}.`,
    normal: 'Near 0 for all four.',
    action:
      'Once its owner agrees: end the session, commit or roll back the prepared transaction, drop the slot that nobody reads, or look at the query on the replica.',
  },
  unit: 'short',
  min: 0,
  height: 7,
  thresholds: anyIsBad('warning', OLD_HORIZON),
  queries: [query(`max by (holder) (pgmon_xmin_age_transactions${SERVER})`, '{{holder}}', MINUTE)],
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLOldXminHorizon',
});

export const VACUUM_PROGRESS = timeSeries({
  id: 'vacuum-progress',
  title: 'Running Vacuums and Workers in Use (%)',
  text: {
    shows:
      'How far each running VACUUM has come in its phase, by hand or by autovacuum, and the share of the autovacuum workers that are busy. A short one may pass between two looks.',
    normal: 'Lines that climb and end. Workers come and go.',
    action:
      'A line that stays flat waits for a lock or for disks, or its cost limit is too small for the table.',
  },
  unit: 'percentunit',
  min: 0,
  max: 1,
  height: 7,
  queries: [
    query(
      `max by (datname, relname, phase) (pgmon_vacuum_progress_ratio${SERVER})`,
      '{{datname}}.{{relname}}: {{phase}}',
      MINUTE,
    ),
    query(WORKERS_BUSY, 'workers in use', MINUTE),
  ],
  emptyWhen: [NO_SQL_EXPORTER],
  alert: 'PostgreSQLAutovacuumSaturated',
});
