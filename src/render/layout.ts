/** Where a service's process sees its files and how it reaches the others. All that differs between the runtimes in rendered configuration. */
import { CONTAINER_PORTS, SECRETS_MOUNT, type ServiceName } from '../conventions.ts';
import type { Native } from '../stack/native.ts';
import { credentialsDir, nativeConfigDir, nativeDataDir, runtimeDirName } from '../stack/native-names.ts';
import type { Stack } from '../stack/stack.ts';

export interface Layout {
  /** Directory of the service's configuration. */
  readonly config: (service: ServiceName) => string;
  /** Directory that keeps its data. */
  readonly data: (service: ServiceName) => string;
  /** Directory of its secrets. */
  readonly secrets: (service: ServiceName) => string;
  /** A directory of its own that it may write to and that nobody keeps. */
  readonly scratch: (service: ServiceName) => string;
  /** `host:port` at which the other services reach it. */
  readonly address: (service: ServiceName) => string;
}

const IN_CONTAINER: Readonly<Partial<Record<ServiceName, { config: string; data: string }>>> = {
  prometheus: { config: '/etc/prometheus', data: '/prometheus' },
  alertmanager: { config: '/etc/alertmanager', data: '/alertmanager' },
  grafana: { config: '/etc/grafana', data: '/var/lib/grafana' },
  'sql-exporter': { config: '/etc/pgmon', data: '/var/lib/pgmon' },
};

function placesOf(service: ServiceName) {
  const places = IN_CONTAINER[service];
  if (places === undefined) throw new Error(`${service} has no directories of its own`);
  return places;
}

/** Both processes of the exporter listen on the same port, each in its own container. */
function containerPort(service: ServiceName): number {
  const ports: Readonly<Partial<Record<ServiceName, number>>> = {
    ...CONTAINER_PORTS,
    'postgres-exporter-slow': CONTAINER_PORTS['postgres-exporter'],
  };
  const port = ports[service];
  if (port === undefined) throw new Error(`${service} listens on no port`);
  return port;
}

const CONTAINERS: Layout = {
  config: (service) => placesOf(service).config,
  data: (service) => placesOf(service).data,
  secrets: () => SECRETS_MOUNT,
  scratch: () => '/tmp',
  address: (service) => `${service}:${containerPort(service)}`,
};

const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function localAddress({ listen }: Native, service: ServiceName): string {
  const place = listen[service];
  if (place === undefined) throw new Error(`${service} listens nowhere`);
  const host = ANY_ADDRESS[place.address] ?? place.address;
  return `${host.includes(':') ? `[${host}]` : host}:${place.port}`;
}

function unitLayout(name: string, native: Native): Layout {
  return {
    config: (service) => `${nativeConfigDir(name)}/${service}`,
    data: (service) => `${nativeDataDir(name)}/${service}`,
    secrets: (service) => credentialsDir(name, service),
    scratch: (service) => `/run/${runtimeDirName(name, service)}`,
    address: (service) => localAddress(native, service),
  };
}

export function layoutOf({ name, native }: Pick<Stack, 'name' | 'native'>): Layout {
  return native === null ? CONTAINERS : unitLayout(name, native);
}
