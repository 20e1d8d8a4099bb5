/** What the SQL exporter's page of a server must hold, by PostgreSQL version: there from a version on, absent before. */
import { expect } from 'vitest';
import { samplesOf } from '../../src/verify/exposition.ts';
import type { Activity } from './server-activity.ts';
import { sampleValue } from './sql-exporter.ts';

/** The metric's values by the values of these labels, joined with a blank. */
export function valuesBy(
  body: string,
  metric: string,
  labels: readonly string[],
): ReadonlyMap<string, number> {
  const samples = samplesOf(body, [metric]);
  return new Map(
    samples.map((sample) => [labels.map((name) => sample.labels[name] ?? '').join(' '), sample.value]),
  );
}

/** Figures that need nothing but a server with some writes in `postgres` and one killed session. */
export function expectCounters(body: string, version: number): void {
  for (const name of ['bytes', 'records', 'full_page_images', 'buffers_full'])
    expect(sampleValue(body, `pgmon_wal_${name}_total`) !== undefined, name).toBe(version >= 14);
  const sessions = valuesBy(body, 'pgmon_sessions_total', ['datname']);
  const ended = valuesBy(body, 'pgmon_sessions_ended_total', ['datname', 'how']);
  if (version >= 14) {
    expect(sampleValue(body, 'pgmon_wal_bytes_total')).toBeGreaterThan(100_000);
    expect([...sessions.keys()]).toEqual(['postgres']);
    expect(sessions.get('postgres')).toBeGreaterThan(3);
    expect([...ended.keys()].sort()).toEqual(['postgres abandoned', 'postgres fatal', 'postgres killed']);
    expect(ended.get('postgres killed')).toBe(1);
  } else expect([...sessions, ...ended]).toEqual([]);
  const backend = { backend_type: 'client backend', context: 'normal' };
  for (const name of ['read_bytes', 'write_bytes', 'read_seconds', 'write_seconds'])
    expect(sampleValue(body, `pgmon_io_${name}_total`, backend) !== undefined, name).toBe(version >= 16);
  // The table that is vacuumed has about 250 pages.
  if (version >= 16) {
    const written = sampleValue(body, 'pgmon_io_write_bytes_total', backend) ?? 0;
    const bulk = sampleValue(body, 'pgmon_io_write_bytes_total', { ...backend, context: 'bulkwrite' }) ?? 0;
    expect(written + bulk).toBeGreaterThan(200 * 8192);
  }
  const loaded = sampleValue(body, 'pgmon_configuration_loaded_timestamp_seconds') ?? 0;
  expect(Math.abs(Date.now() / 1000 - loaded)).toBeLessThan(120);
}

/** A table `t` whose rows were updated twice, the second time with a new key. */
export function expectUpdates(body: string): void {
  expect(sampleValue(body, 'pgmon_table_updates_total', { relname: 't' })).toBe(2);
  expect(sampleValue(body, 'pgmon_table_hot_updates_total', { relname: 't' })).toBe(1);
}

/** One superuser waits for another one, and one vacuums `slow`, all in `postgres`. */
export function expectActivity(body: string, holder: Activity): void {
  const pair = ['datname', 'blocked_user', 'blocking_user', 'blocking_pid', 'lock'];
  expect([...valuesBy(body, 'pgmon_blocked_pair_seconds', pair).keys()]).toEqual([
    `postgres postgres postgres ${holder.pid} AccessShareLock on relation`,
  ]);
  const vacuum = valuesBy(body, 'pgmon_vacuum_progress_ratio', ['datname', 'relname', 'phase']);
  expect([...vacuum.keys()]).toEqual(['postgres slow scanning heap']);
  expect(vacuum.get('postgres slow scanning heap')).toBeGreaterThan(0);
  expect(vacuum.get('postgres slow scanning heap')).toBeLessThan(0.9);
}

/** A replica that calls itself `replica` has everything. */
export function expectReplica(body: string): void {
  const lag = (figure: string) =>
    valuesBy(body, `pgmon_replica_lag_${figure}`, ['application_name', 'stage']);
  const stages = (...names: readonly string[]) => names.map((name) => `replica ${name}`);
  expect([...lag('bytes').keys()].sort()).toEqual(stages('flush', 'replay', 'sent', 'write'));
  expect(Math.max(...lag('bytes').values())).toBeLessThan(1024 ** 2);
  expect([...lag('seconds').keys()].sort()).toEqual(stages('flush', 'replay', 'write'));
  expect(Math.max(...lag('seconds').values())).toBeLessThan(60);
  const info = valuesBy(body, 'pgmon_replica_info', ['application_name', 'state', 'sync_state']);
  expect([...info]).toEqual([['replica streaming async', 1]]);
}
