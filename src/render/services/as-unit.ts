/** A service of a container as one of systemd: its program and user instead of an image, no mounts but its data. */
import type { ComponentName } from '../../catalog/components.ts';
import type { ServiceName } from '../../conventions.ts';
import type { Native } from '../../stack/native.ts';
import type { Service } from '../../stack/rendered-stack.ts';

/** Services that units can run, and what runs them. */
const COMPONENT_OF = {
  'postgres-exporter': 'postgres-exporter',
  'postgres-exporter-slow': 'postgres-exporter',
  'sql-exporter': 'sql-exporter',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  'node-exporter': 'node-exporter',
  grafana: 'grafana',
} as const satisfies Partial<Record<ServiceName, ComponentName>>;

type NativeService = keyof typeof COMPONENT_OF;

function isNativeService(name: ServiceName): name is NativeService {
  return name in COMPONENT_OF;
}

/** The system user of a service; what logs in to PostgreSQL has the collectors' own. */
function systemUser({ collectorUser }: Native, name: NativeService): string {
  const users: Readonly<Record<NativeService, string>> = {
    'postgres-exporter': collectorUser,
    'postgres-exporter-slow': collectorUser,
    'sql-exporter': collectorUser,
    prometheus: 'pgmon-prometheus',
    alertmanager: 'pgmon-alertmanager',
    'node-exporter': 'pgmon-node',
    grafana: 'pgmon-grafana',
  };
  return users[name];
}

/** Throws for a service that only a container can run; the spec refuses those before. */
export function asUnit(native: Native, service: Service): Service {
  const { name, mounts } = service;
  if (!isNativeService(name)) throw new Error(`${name} runs in a container only`);
  const program = native.programs[COMPONENT_OF[name]];
  const place = native.listen[name];
  if (program === undefined || place === undefined) throw new Error(`${name} has no program or no address`);
  return {
    ...service,
    program,
    entrypoint: [],
    user: systemUser(native, name),
    ports: [{ address: place.address, hostPort: place.port, containerPort: place.port }],
    mounts: mounts.filter(({ kind }) => kind === 'volume'),
    tmpfs: [],
    extraHosts: [],
    capAdd: [],
    shmBytes: null,
    healthcheck: null,
  };
}
