/** What all services share: defaults of a Service, mounts, ports and HTTP probes. */
import { SECRETS_MOUNT, type ServiceName } from '../../conventions.ts';
import type { Healthcheck, Mount, PortMapping, Readiness, Service } from '../../stack/rendered-stack.ts';
import type { ServiceSettings, Stack } from '../../stack/stack.ts';
import { addressText, layoutOf } from '../layout.ts';
import { secretsSource } from '../secret-files.ts';
import { asUnit } from './as-unit.ts';

/** Room for small temporary files where the root is read-only. */
export const TMP = '/tmp:size=64m,mode=1777';

type Own = Pick<Service, 'name'> & Partial<Service>;

/** A hardened service: read-only root, no capabilities, its limits from the settings; `own` decides the rest, as for a container. */
export function defineService(stack: Stack, settings: ServiceSettings, own: Own): Service {
  const service: Service = {
    image: settings.image.reference,
    program: null,
    entrypoint: [],
    command: [],
    user: null,
    environment: {},
    ports: [],
    mounts: [],
    tmpfs: [],
    extraHosts: [],
    isReadOnlyRoot: true,
    capAdd: [],
    memoryBytes: settings.memoryBytes,
    pidsLimit: settings.pidsLimit,
    shmBytes: null,
    stopSignal: null,
    stopGraceSeconds: 10,
    healthcheck: null,
    dependsOn: [],
    labels: {},
    readiness: { kind: 'running' },
    configInputs: [],
    secretsDir: null,
    startWeight: 10,
    ...own,
  };
  return stack.native === null ? service : asUnit(stack.native, service);
}

/** A directory of the output directory, read-only. */
export function configMount(directory: string, target: string): Mount {
  return { kind: 'bind', source: `./${directory}`, target, isReadOnly: true, propagation: null };
}

/** The service's own secrets, read-only. */
export function secretsMount(service: ServiceName): Mount {
  return configMount(secretsSource(service), SECRETS_MOUNT);
}

export function volumeMount(source: string, target: string): Mount {
  return { kind: 'volume', source, target };
}

/** Where a unit's program listens; in a container its own default. */
export function listenFlag(stack: Stack, service: ServiceName): readonly string[] {
  const place = layoutOf(stack).listen(service);
  return place === null ? [] : [`--web.listen-address=${addressText(place)}`];
}

export function publishedPorts(settings: ServiceSettings, containerPort: number): readonly PortMapping[] {
  if (settings.published === null) return [];
  const { address, port } = settings.published;
  return [{ address, hostPort: port, containerPort }];
}

/** The container's own probe: slow and cheap, because pgmon asks the service itself at start. */
export function slowHealthcheck(
  stack: Stack,
  command: readonly string[],
  startPeriodSeconds: number,
): Healthcheck {
  const intervalSeconds = stack.healthcheckIntervalSeconds;
  return { command, intervalSeconds, timeoutSeconds: 5, retries: 3, startPeriodSeconds };
}

/** busybox' wget, which all upstream images but the distroless ones carry. */
export function wgetCommand(port: number, path: string): readonly string[] {
  return ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}${path}`];
}

export function plainHttpReadiness(containerPort: number, path: string): Readiness {
  return { kind: 'http', scheme: 'http', containerPort, path, basicAuth: null, ca: null, serverName: null };
}

/** `host.docker.internal` for services that must reach this machine itself. */
export function hostGateway(addresses: readonly string[]): readonly string[] {
  const needsIt = addresses.some((address) => address.split(':')[0] === 'host.docker.internal');
  return needsIt ? ['host.docker.internal:host-gateway'] : [];
}
