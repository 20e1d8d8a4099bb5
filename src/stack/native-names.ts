/** Names and places of the native runtime that several parts must agree on. */
import type { ServiceName } from '../conventions.ts';

/** Absolute directory of a stack's configuration; what `pgmon up` uses as the output directory. */
export function nativeConfigDir(stackName: string): string {
  return `/etc/pgmon/${stackName}`;
}

/** Absolute directory of a stack's data; each service has its own below it. */
export function nativeDataDir(stackName: string): string {
  return `/var/lib/pgmon/${stackName}`;
}

/** What every unit of a stack, and nothing else, starts with. */
export function unitPrefix(stackName: string): string {
  return `pgmon-${stackName}-`;
}

export function unitName(stackName: string, service: string): string {
  return `${unitPrefix(stackName)}${service}.service`;
}

/** Groups the stack's units: `systemctl stop pgmon-<stack>.target`. */
export function targetName(stackName: string): string {
  return `pgmon-${stackName}.target`;
}

/** Directories of the system that a stack has files in, relative to its configuration directory. */
export const SYSTEM_DIRS = {
  units: '../../systemd/system',
  sysusers: '../../sysusers.d',
  tmpfiles: '../../tmpfiles.d',
} as const;

/** Where systemd shows a service its credentials. */
export function credentialsDir(stackName: string, service: ServiceName): string {
  return `/run/credentials/${unitName(stackName, service)}`;
}

/** Own directory of a service for what lives as long as its process (RuntimeDirectory=). */
export function runtimeDirName(stackName: string, service: ServiceName): string {
  return `${unitPrefix(stackName)}${service}`;
}

/** In the unit's environment: what `up` compares to know that the running process has an older definition. */
export const HASH_VARIABLE = 'PGMON_SERVICE_HASH';

/** Stacks of a machine share these users, so the words are the same in all of them. */
const USER_DESCRIPTIONS: Readonly<Record<string, string>> = {
  'pgmon-alertmanager': 'pgmon Alertmanager',
  'pgmon-grafana': 'pgmon Grafana',
  'pgmon-node': 'pgmon machine exporter',
  'pgmon-prometheus': 'pgmon Prometheus',
};

/** GECOS field of a user that pgmon makes, by which it knows its own; any other name is that of the collectors. */
export function userDescription(name: string): string {
  return USER_DESCRIPTIONS[name] ?? 'pgmon collectors';
}
