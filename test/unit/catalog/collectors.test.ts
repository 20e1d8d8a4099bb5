import { describe, expect, it } from 'vitest';
import {
  type CollectorChoices,
  collectorFlags,
  exporterDefaults,
  knownCollectors,
  resolveCollectors,
} from '../../../src/catalog/collectors.ts';

const choices = (changed: Partial<CollectorChoices> = {}): CollectorChoices => ({
  collectors: {},
  majorVersions: [18],
  hasTableMetrics: false,
  ...changed,
});

/** What a process runs with these flags, sorted. */
function running(version: string, flags: readonly string[]): readonly string[] {
  return Object.entries(exporterDefaults(version))
    .filter(([name, isOn]) =>
      isOn ? !flags.includes(`--no-collector.${name}`) : flags.includes(`--collector.${name}`),
    )
    .map(([name]) => name)
    .sort();
}

describe('collectorFlags', () => {
  it.each(['0.19.1', '0.20.1'])(
    'leaves only pg_stat_database to the fast process of exporter %s',
    (version) => {
      const flags = collectorFlags(version, 'fast', choices());
      expect(running(version, flags)).toEqual(['stat_database']);
      expect(flags).toContain('--disable-default-metrics');
      expect(flags.includes('--disable-settings-metrics')).toBe(version === '0.19.1');
    },
  );

  it('runs everything else that pgmon wants in the slow process of exporter 0.19', () => {
    const flags = collectorFlags('0.19.1', 'slow', choices());
    expect(running('0.19.1', flags)).toEqual([
      'database',
      'database_wraparound',
      'locks',
      'postmaster',
      'replication',
      'replication_slot',
      'roles',
      'stat_bgwriter',
      'stat_checkpointer',
      'stat_statements',
      'stat_wal_receiver',
      'wal',
    ]);
    expect(flags.join(' ')).not.toContain('--disable');
  });

  it('runs the former families as collectors of the slow process of exporter 0.20', () => {
    const slow = running('0.20.1', collectorFlags('0.20.1', 'slow', choices()));
    expect(slow).toEqual(
      expect.arrayContaining([
        'replication_slots',
        'settings',
        'stat_activity',
        'stat_archiver',
        'stat_replication',
      ]),
    );
    expect(slow).not.toContain('stat_database');
  });

  it.each(['0.19.1', '0.20.1'])('runs no collector of exporter %s in both processes', (version) => {
    const all = choices({
      collectors: Object.fromEntries(knownCollectors(version).map((name) => [name, true])),
    });
    const fast = running(version, collectorFlags(version, 'fast', all));
    const slow = running(version, collectorFlags(version, 'slow', all));
    expect(fast.filter((name) => slow.includes(name))).toEqual([]);
    expect([...fast, ...slow].sort()).toEqual(Object.keys(exporterDefaults(version)).sort());
  });

  it('applies the spec’s choices in the process that the collector belongs to', () => {
    const chosen = choices({ collectors: { stat_database: false, wal: false, process_idle: true } });
    const fast = collectorFlags('0.19.1', 'fast', chosen);
    const slow = collectorFlags('0.19.1', 'slow', chosen);
    expect(running('0.19.1', fast)).toEqual([]);
    expect(running('0.19.1', slow)).toContain('process_idle');
    expect(running('0.19.1', slow)).not.toContain('wal');
    expect(fast.join(' ')).not.toContain('process_idle');
  });

  it('reads tables with the exporter only when the spec asks for them', () => {
    expect(collectorFlags('0.19.1', 'slow', choices())).toContain('--no-collector.stat_user_tables');
    const withTables = collectorFlags('0.19.1', 'slow', choices({ hasTableMetrics: true }));
    expect(withTables.join(' ')).not.toMatch(/user_tables/);
    const chosen = choices({ collectors: { stat_user_tables: true } });
    expect(running('0.19.1', collectorFlags('0.19.1', 'slow', chosen))).toContain('stat_user_tables');
  });

  it('uses the name that the exporter’s version knows', () => {
    const off = (name: string) => choices({ collectors: { [name]: false } });
    expect(collectorFlags('0.19.1', 'slow', off('replication_slots'))).toContain(
      '--no-collector.replication_slot',
    );
    expect(collectorFlags('0.20.1', 'slow', off('replication_slot'))).toContain(
      '--no-collector.replication_slots',
    );
  });

  it('never passes a flag that the exporter’s version lacks', () => {
    const chosen = choices({ collectors: { settings: false, nonsense: true } });
    expect(collectorFlags('0.19.1', 'slow', chosen).join(' ')).not.toMatch(/settings|nonsense/);
    expect(collectorFlags('0.20.0', 'slow', chosen)).toContain('--no-collector.settings');
  });
});

describe('resolveCollectors', () => {
  const checkpointer = (majorVersions: CollectorChoices['majorVersions'], collectors = {}) =>
    resolveCollectors('0.19.1', choices({ majorVersions, collectors })).stat_checkpointer;

  it('leaves out what every server is known to be too old for', () => {
    expect(checkpointer([16, 14])).toBe(false);
    expect(checkpointer([16, 17])).toBe(true);
    expect(checkpointer([16, null])).toBe(true);
    expect(checkpointer([])).toBe(true);
  });

  it('does what the spec says all the same', () => {
    expect(checkpointer([16], { stat_checkpointer: true })).toBe(true);
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
