/** Every metric that pgmon's rules use is one that something in the stack gives. */
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/catalog/metrics/all-metrics.ts';
import { SQL_EXPORTER_METRICS } from '../../../src/catalog/metrics/sql-exporter.ts';
import { collectAlerts, metricsOf } from '../../../src/verify/alerts/judge-alert.ts';
import { readRenderedRules } from '../../../src/verify/series/rendered-rules.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { renderForTest } from '../../support/rendering.ts';

describe('sourceOf', () => {
  it('knows every metric that a rendered alert rests on', () => {
    const metrics = metricsOf(collectAlerts(readRenderedRules(renderForTest(createFullStack()).files)));
    expect(metrics.length).toBeGreaterThan(50);
    expect([...new Set(metrics)].filter((metric) => sourceOf(metric, '0.19.1') === null)).toEqual([]);
  });

  it.each([
    ['pg_up', 'postgresql', null],
    ['pg_stat_database_blks_hit', 'postgresql', 'stat_database'],
    ['pg_stat_database_conflicts', 'postgresql', 'stat_database'],
    ['pg_stat_database_conflicts_confl_lock', 'postgresql-slow', null],
    ['pg_settings_max_connections', 'postgresql-slow', 'settings'],
    ['pg_stat_activity_autovacuum_timestamp_seconds', 'postgresql-slow', 'stat_activity_autovacuum'],
    ['pgmon_sql_query_success', 'postgresql-sql', null],
    ['node_load1', 'node', null],
    ['scrape_duration_seconds', null, null],
  ])('says where %s comes from', (metric, job, collector) => {
    expect(sourceOf(metric, '0.19.1')).toMatchObject({ job, collector });
  });

  it('does not take a slip of the pen for something that may be absent', () => {
    for (const metric of [
      'pg_stat_replication_lag_seconds',
      'pg_replication_slot_lost',
      'pgmon_blocked',
      'pg_upp',
    ])
      expect(sourceOf(metric, '0.19.1')).toBeNull();
  });

  it.each([
    'pgmon_blocked_sessions',
    'pgmon_blocked_seconds_max',
    'pgmon_blocking_sessions',
    'pgmon_prepared_transactions',
    'pgmon_xmin_age_transactions',
  ])('knows no excuse for the absence of %s, which is 0 where there is nothing', (metric) => {
    expect(sourceOf(metric, '0.19.1')).toMatchObject({ absentWhen: null });
  });

  it.each([
    ['pgmon_blocked_pair_seconds', 'nobody is blocked', null],
    ['pgmon_replica_lag_seconds', 'no replica is connected', null],
    ['pgmon_vacuum_progress_ratio', 'no vacuum runs', null],
    ['pgmon_io_read_seconds_total', 'track_io_timing is off', 16],
    ['pgmon_io_read_bytes_total', null, 16],
    ['pgmon_wal_bytes_total', null, 14],
    ['pgmon_sessions_ended_total', null, 14],
    ['pgmon_configuration_loaded_timestamp_seconds', null, null],
  ])('says when %s may be absent', (metric, absentWhen, minVersion) => {
    const versions = SQL_EXPORTER_METRICS.filter(({ names }) => names.test(metric)).map(
      (source) => source.minVersion,
    );
    expect(sourceOf(metric, '0.19.1')).toMatchObject({ job: 'postgresql-sql', absentWhen });
    expect(versions.includes(null) ? null : Math.min(...versions.map(Number))).toBe(minVersion);
  });

  it('prefers the source of the exporter’s own version', () => {
    expect(sourceOf('pg_replication_slots_active', '0.19.1')).toMatchObject({ collector: null });
    expect(sourceOf('pg_replication_slots_active', '0.20.1')).toMatchObject({
      collector: 'replication_slots',
    });
  });
});
