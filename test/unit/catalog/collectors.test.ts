import { describe, expect, it } from 'vitest';
import { collectorFlags, exporterDefaults, knownCollectors } from '../../../src/catalog/collectors.ts';

describe('collectorFlags', () => {
  it('names only what differs from the exporter’s own defaults', () => {
    expect(collectorFlags('0.19.1', {})).toEqual([
      '--collector.database_wraparound',
      '--collector.long_running_transactions',
      '--collector.postmaster',
      '--collector.stat_checkpointer',
      '--collector.stat_statements',
      '--collector.stat_wal_receiver',
    ]);
  });

  it('lets the spec switch off what pgmon or the exporter switches on', () => {
    const flags = collectorFlags('0.19.1', { postmaster: false, wal: false, locks: true });
    expect(flags).not.toContain('--collector.postmaster');
    expect(flags).toContain('--no-collector.wal');
    expect(flags.join(' ')).not.toContain('locks');
  });

  it('uses the name that the exporter’s version knows', () => {
    expect(collectorFlags('0.19.1', { replication_slots: false })).toContain(
      '--no-collector.replication_slot',
    );
    expect(collectorFlags('0.20.1', { replication_slot: false })).toContain(
      '--no-collector.replication_slots',
    );
  });

  it('never passes a flag that the exporter’s version lacks', () => {
    expect(collectorFlags('0.19.1', { settings: false, nonsense: true }).join(' ')).not.toMatch(
      /settings|nonsense/,
    );
    expect(collectorFlags('0.20.0', { settings: false })).toContain('--no-collector.settings');
  });
});

describe('exporterDefaults', () => {
  it('counts the collectors of both versions as their help does', () => {
    const count = (version: string) => Object.values(exporterDefaults(version)).filter(Boolean).length;
    expect([Object.keys(exporterDefaults('0.19.1')).length, count('0.19.1')]).toEqual([22, 11]);
    expect([Object.keys(exporterDefaults('0.20.1')).length, count('0.20.1')]).toEqual([26, 15]);
  });

  it('lets a spec use either name of the renamed collector', () => {
    expect(knownCollectors('0.19.1')).toEqual(
      expect.arrayContaining(['replication_slot', 'replication_slots']),
    );
  });
});
