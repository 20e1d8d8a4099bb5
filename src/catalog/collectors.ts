/** The exporter's collectors: its own defaults, what pgmon wants on, and the flags that make up the difference. */
import { hasRenamedCollectors } from './versions.ts';

/** Collector -> on by default in exporter 0.19. */
const DEFAULTS = {
  buffercache_summary: false,
  database: true,
  database_wraparound: false,
  locks: true,
  long_running_transactions: false,
  postmaster: false,
  process_idle: false,
  replication: true,
  replication_slot: true,
  roles: true,
  stat_activity_autovacuum: false,
  stat_bgwriter: true,
  stat_checkpointer: false,
  stat_database: true,
  stat_progress_vacuum: true,
  stat_statements: false,
  stat_user_tables: true,
  stat_wal_receiver: false,
  statio_user_indexes: false,
  statio_user_tables: true,
  wal: true,
  xlog_location: false,
} as const satisfies Readonly<Record<string, boolean>>;

/** Families that only got a switch in 0.20; all of them are on by default. */
const SINCE_0_20 = {
  settings: true,
  stat_activity: true,
  stat_archiver: true,
  stat_replication: true,
} as const satisfies Readonly<Record<string, boolean>>;

/** Collectors that pgmon's rules and dashboards need and that the exporter leaves off. */
const WANTED = [
  'database_wraparound',
  'long_running_transactions',
  'postmaster',
  'stat_checkpointer',
  'stat_statements',
  'stat_wal_receiver',
] as const;

/** Every collector of this exporter version and whether the exporter runs it by default. */
export function exporterDefaults(exporterVersion: string): Readonly<Record<string, boolean>> {
  if (!hasRenamedCollectors(exporterVersion)) return DEFAULTS;
  const { replication_slot, ...rest } = DEFAULTS;
  return { ...rest, ...SINCE_0_20, replication_slots: replication_slot };
}

/** Names that a spec may give for this exporter version: its own, and the other version's name of a renamed one. */
export function knownCollectors(exporterVersion: string): readonly string[] {
  return [...Object.keys(exporterDefaults(exporterVersion)), 'replication_slot', 'replication_slots']
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort();
}

function nativeName(exporterVersion: string, name: string): string {
  if (name !== 'replication_slot' && name !== 'replication_slots') return name;
  return hasRenamedCollectors(exporterVersion) ? 'replication_slots' : 'replication_slot';
}

/** What runs: the exporter's defaults, pgmon's wishes, then the spec's `choices`; unknown names are dropped. */
export function resolveCollectors(
  exporterVersion: string,
  choices: Readonly<Record<string, boolean>>,
): Readonly<Record<string, boolean>> {
  const defaults = exporterDefaults(exporterVersion);
  const wanted = Object.fromEntries(WANTED.map((name) => [name, true]));
  const chosen = Object.fromEntries(
    Object.entries(choices)
      .map(([name, isOn]) => [nativeName(exporterVersion, name), isOn] as const)
      .filter(([name]) => Object.hasOwn(defaults, name)),
  );
  return { ...defaults, ...wanted, ...chosen };
}

/** `--collector.x` and `--no-collector.x` for all that differ from the exporter's default, sorted by name. */
export function collectorFlags(
  exporterVersion: string,
  choices: Readonly<Record<string, boolean>>,
): readonly string[] {
  const defaults = exporterDefaults(exporterVersion);
  return Object.entries(resolveCollectors(exporterVersion, choices))
    .filter(([name, isOn]) => defaults[name] !== isOn)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, isOn]) => (isOn ? `--collector.${name}` : `--no-collector.${name}`));
}
