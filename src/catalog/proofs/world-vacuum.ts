/** The healthy world: tables of the primary `app` and how far vacuum got with them. */
import { JOBS } from '../../conventions.ts';
import type { SimulatedSeries } from './proof.ts';
import { gauge } from './series.ts';

const SLOW = { job: JOBS.postgresqlSlow, instance: 'app' };
/** Metrics of the exporter's older half carry this up to 0.19. */
const OLD = { ...SLOW, server: 'app.example.com:5432' };
const SQL = { job: JOBS.postgresqlSql, instance: 'app' };

const AGES: readonly SimulatedSeries[] = ['app', 'postgres', 'template1'].flatMap((datname) => [
  // Just past the point at which autovacuum starts to freeze: that is normal.
  gauge('pg_database_wraparound_age_datfrozenxid_seconds', { ...SLOW, datname }, 205_000_000),
  gauge('pg_database_wraparound_age_datminmxid_seconds', { ...SLOW, datname }, 3_000_000),
]);

const SETTINGS: readonly SimulatedSeries[] = [
  gauge('pg_settings_autovacuum_freeze_max_age', OLD, 200_000_000),
  gauge('pg_settings_autovacuum_multixact_freeze_max_age', OLD, 400_000_000),
];

const WORKERS: readonly SimulatedSeries[] = [
  { ...gauge('pgmon_autovacuum_workers', SQL, 1), idle: 0 },
  gauge('pgmon_autovacuum_workers_max', SQL, 3),
];

interface Table {
  readonly relname: string;
  readonly live: number;
  readonly dead: number;
  readonly vacuum: number;
  readonly analyze: number;
  readonly bloatBytes: number;
  readonly bloat: number;
}

const TABLES: readonly Table[] = [
  // Large and busy, just past its triggers.
  {
    relname: 'orders',
    live: 1_000_000,
    dead: 60_000,
    vacuum: 1.2,
    analyze: 1.1,
    bloatBytes: 300_000_000,
    bloat: 0.3,
  },
  // Small, and almost all of it dead: no table to worry about.
  { relname: 'counters', live: 2, dead: 40, vacuum: 0.8, analyze: 0.9, bloatBytes: 8192, bloat: 0.9 },
  { relname: 'empty', live: 0, dead: 0, vacuum: 0, analyze: 0, bloatBytes: 0, bloat: 0 },
];

const TABLE_SERIES: readonly SimulatedSeries[] = TABLES.flatMap((table) => {
  const labels = { ...SQL, datname: 'app', schemaname: 'public', relname: table.relname };
  return [
    gauge('pgmon_table_live_tuples', labels, table.live),
    gauge('pgmon_table_dead_tuples', labels, table.dead),
    gauge('pgmon_table_vacuum_ratio', labels, table.vacuum),
    gauge('pgmon_table_analyze_ratio', labels, table.analyze),
    gauge('pgmon_table_bloat_bytes', labels, table.bloatBytes),
    gauge('pgmon_table_bloat_ratio', labels, table.bloat),
  ];
});

export const VACUUM_WORLD: readonly SimulatedSeries[] = [...AGES, ...SETTINGS, ...WORKERS, ...TABLE_SERIES];
