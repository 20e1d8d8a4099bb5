/** The exporter's collectors: its own defaults, which of them pgmon runs, in which of its two processes, and the flags for that. */
import { hasRenamedCollectors } from './versions.ts';

/** `fast`: every scrape interval; `slow`: what changes slowly or costs much, at the slow interval. */
export type Tier = 'fast' | 'slow';

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

/** Families that only got a switch in 0.20; all of them are on by default. Before, they came with `--disable-default-metrics` absent. */
const SINCE_0_20 = {
  settings: true,
  stat_activity: true,
  stat_archiver: true,
  stat_replication: true,
} as const satisfies Readonly<Record<string, boolean>>;

/** One statement for all databases: cheap enough for every scrape. */
const FAST: readonly string[] = ['stat_database'];

/** What pgmon's rules and dashboards need at the slow interval; the table collectors are not among them: the SQL exporter does better. */
const SLOW: readonly string[] = [
  'database',
  'database_wraparound',
  'locks',
  'postmaster',
  'replication',
  'replication_slot',
  'replication_slots',
  'roles',
  'stat_bgwriter',
  'stat_checkpointer',
  'stat_statements',
  'stat_wal_receiver',
  'wal',
  ...Object.keys(SINCE_0_20),
];

/** PostgreSQL major versions that a collector works on; it gives nothing, and a warning a scrape, on others. */
const COLLECTOR_VERSIONS: Readonly<Record<string, { readonly min?: number; readonly max?: number }>> = {
  buffercache_summary: { min: 16 },
  stat_checkpointer: { min: 17 },
  xlog_location: { max: 9 },
};

/** What decides on collectors besides the exporter's version. */
export interface CollectorChoices {
  /** Collector -> on or off, as the spec says. */
  readonly collectors: Readonly<Record<string, boolean>>;
  /** Major version of each server, null = not known. */
  readonly majorVersions: readonly (number | null)[];
  /** The exporter's own series for every table of one database. */
  readonly hasTableMetrics: boolean;
}

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

/** The name that this exporter version has for a collector that was renamed. */
export function nativeName(exporterVersion: string, name: string): string {
  if (name !== 'replication_slot' && name !== 'replication_slots') return name;
  return hasRenamedCollectors(exporterVersion) ? 'replication_slots' : 'replication_slot';
}

/** The process that a collector runs in when it is on. */
export function tierOf(collector: string): Tier {
  return FAST.includes(collector) ? 'fast' : 'slow';
}

/** True unless every server is known to be of a version that the collector gives nothing for. */
function fitsSomeServer(collector: string, majorVersions: CollectorChoices['majorVersions']): boolean {
  const { min = 0, max = Number.POSITIVE_INFINITY } = COLLECTOR_VERSIONS[collector] ?? {};
  const fits = (version: number | null) => version === null || (version >= min && version <= max);
  return majorVersions.length === 0 || majorVersions.some(fits);
}

/** What pgmon runs, in either process: its own wishes, then the spec's choices; names that this exporter version lacks are dropped. */
export function resolveCollectors(
  exporterVersion: string,
  choices: CollectorChoices,
): Readonly<Record<string, boolean>> {
  const tables = choices.hasTableMetrics ? ['stat_user_tables', 'statio_user_tables'] : [];
  const wanted = [...FAST, ...SLOW, ...tables];
  const chosen = Object.fromEntries(
    Object.entries(choices.collectors).map(([name, isOn]) => [nativeName(exporterVersion, name), isOn]),
  );
  const isWanted = (name: string) => wanted.includes(name) && fitsSomeServer(name, choices.majorVersions);
  return Object.fromEntries(
    Object.keys(exporterDefaults(exporterVersion)).map((name) => [name, chosen[name] ?? isWanted(name)]),
  );
}

/** The exporter asks for the size of each database with a statement of its own; nobody wants to know that of the templates. */
const WITHOUT_TEMPLATES = '--exclude-databases=template0,template1';

/** What no collector switch reaches: the older families belong to the slow one. */
function familyFlags(exporterVersion: string, tier: Tier): readonly string[] {
  if (tier === 'slow') return [WITHOUT_TEMPLATES];
  return hasRenamedCollectors(exporterVersion)
    ? ['--disable-default-metrics']
    : ['--disable-default-metrics', '--disable-settings-metrics'];
}

/** `--collector.x` and `--no-collector.x` for all that differ from the exporter's default in this process, sorted by name, then other flags. */
export function collectorFlags(
  exporterVersion: string,
  tier: Tier,
  choices: CollectorChoices,
): readonly string[] {
  const defaults = exporterDefaults(exporterVersion);
  const flags = Object.entries(resolveCollectors(exporterVersion, choices))
    .map(([name, isOn]) => [name, isOn && tierOf(name) === tier] as const)
    .filter(([name, isOn]) => defaults[name] !== isOn)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, isOn]) => (isOn ? `--collector.${name}` : `--no-collector.${name}`));
  return [...flags, ...familyFlags(exporterVersion, tier)];
}
