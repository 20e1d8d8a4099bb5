/** What newer versions of the components changed for the files that pgmon renders. */
import { type ComponentName, compareVersions } from './components.ts';

const RETENTION_IN_FILE = '3.11';
const RENAMED_COLLECTORS = '0.20';
const PLUGIN_AUTO_UPDATE = '13';

/** Before 3.11 the field is unknown (3.5) or read a million times too long (3.8 to 3.10): flags instead. */
export function hasRetentionInFile(prometheusVersion: string): boolean {
  return compareVersions(prometheusVersion, RETENTION_IN_FILE) >= 0;
}

/** From 0.20 on: `replication_slots` for `replication_slot`, every metric family has its own collector switch. */
export function hasRenamedCollectors(exporterVersion: string): boolean {
  return compareVersions(exporterVersion, RENAMED_COLLECTORS) >= 0;
}

/** From 13 on Grafana updates its data source plugins at every start, which breaks without internet (grafana/grafana#132528). */
export function hasPluginAutoUpdate(grafanaVersion: string): boolean {
  return compareVersions(grafanaVersion, PLUGIN_AUTO_UPDATE) >= 0;
}

/** Images of PostgreSQL 18 and newer keep data below `/var/lib/postgresql/<major>`, older ones in `/var/lib/postgresql/data`. */
export function postgresDataMount(postgresVersion: string): string {
  return compareVersions(postgresVersion, '18') >= 0 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
}

/** Versions from which on the questions above have another answer; PostgreSQL's is not among them, as no unit runs it. */
export const VERSION_BOUNDARIES: Readonly<Partial<Record<ComponentName, readonly string[]>>> = {
  prometheus: [RETENTION_IN_FILE],
  'postgres-exporter': [RENAMED_COLLECTORS],
  grafana: [PLUGIN_AUTO_UPDATE],
};
