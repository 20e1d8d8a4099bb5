/** Where a service's process sees its files and how it reaches the others. All that differs between the runtimes in rendered configuration. */
import { CONTAINER_PORTS, SECRETS_MOUNT, type ServiceName } from '../conventions.ts';
import type { Native } from '../stack/native.ts';
import { credentialsDir, nativeConfigDir, nativeDataDir, runtimeDirName } from '../stack/native-names.ts';
import type { Published, Stack } from '../stack/stack.ts';

export interface Layout {
  /** Directory of the service's configuration. */
  readonly config: (service: ServiceName) => string;
  /** Directory that keeps its data. */
  readonly data: (service: ServiceName) => string;
  /** Directory of its secrets. */
  readonly secrets: (service: ServiceName) => string;
  /** Directory of the copies of client keys that it starts by making: lib/pq refuses a key that others may read. */
  readonly clientKeys: (service: ServiceName) => string;
  /** Port that it listens on, as its process sees it. */
  readonly port: (service: ServiceName) => number;
  /** What it must be told to listen on; null = its own default, which suits a container. */
  readonly listen: (service: ServiceName) => Published | null;
  /** `host:port` at which the other services reach it. */
  readonly address: (service: ServiceName) => string;
}

/** What of a stack decides about places. */
export type Placed = Pick<Stack, 'name' | 'native'>;

const IN_CONTAINER: Readonly<Partial<Record<ServiceName, { config: string; data: string | null }>>> = {
  prometheus: { config: '/etc/prometheus', data: '/prometheus' },
  alertmanager: { config: '/etc/alertmanager', data: '/alertmanager' },
  grafana: { config: '/etc/grafana', data: '/var/lib/grafana' },
  'sql-exporter': { config: '/etc/pgmon', data: null },
};

function mountOf(service: ServiceName, kind: 'config' | 'data'): string {
  const directory = IN_CONTAINER[service]?.[kind] ?? null;
  if (directory === null) throw new Error(`${service} has no directory for ${kind}`);
  return directory;
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
  config: (service) => mountOf(service, 'config'),
  data: (service) => mountOf(service, 'data'),
  secrets: () => SECRETS_MOUNT,
  clientKeys: () => '/tmp',
  port: containerPort,
  listen: () => null,
  address: (service) => `${service}:${containerPort(service)}`,
};

/** `address:port`, with brackets around an IPv6 address. */
export function addressText({ address, port }: Published): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function placeOf({ listen }: Native, service: ServiceName): Published {
  const place = listen[service];
  if (place === undefined) throw new Error(`${service} listens nowhere`);
  return place;
}

function unitLayout(name: string, native: Native): Layout {
  return {
    config: (service) => `${nativeConfigDir(name)}/${service}`,
    data: (service) => `${nativeDataDir(name)}/${service}`,
    secrets: (service) => credentialsDir(name, service),
    clientKeys: (service) => `/run/${runtimeDirName(name, service)}`,
    port: (service) => placeOf(native, service).port,
    listen: (service) => placeOf(native, service),
    address: (service) => {
      const { address, port } = placeOf(native, service);
      return addressText({ address: ANY_ADDRESS[address] ?? address, port });
    },
  };
}

export function layoutOf({ name, native }: Placed): Layout {
  return native === null ? CONTAINERS : unitLayout(name, native);
}
