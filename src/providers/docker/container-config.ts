/** A service as the Docker API takes it: the very request that `docker compose up` makes from the rendered file. Pure. */
import path from 'node:path';
import type Docker from 'dockerode';
import { CONTAINER_DEFAULTS } from '../../stack/container-defaults.ts';
import type { Healthcheck, Mount, PortMapping, Service } from '../../stack/rendered-stack.ts';
import type { StackContext } from '../provider.ts';
import { containerLabels, containerName, resourceName } from './compose-names.ts';

const NANOSECONDS = 1_000_000_000;

function healthConfig(healthcheck: Healthcheck): Docker.HealthConfig {
  return {
    Test: ['CMD', ...healthcheck.command],
    Interval: healthcheck.intervalSeconds * NANOSECONDS,
    Timeout: healthcheck.timeoutSeconds * NANOSECONDS,
    StartPeriod: healthcheck.startPeriodSeconds * NANOSECONDS,
    Retries: healthcheck.retries,
  };
}

function portBindings(ports: readonly PortMapping[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { address, hostPort, containerPort } of ports) {
    const key = `${containerPort}/tcp`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: address, HostPort: String(hostPort) }];
  }
  return bindings;
}

function volumeBind(mount: Mount, stackName: string): readonly string[] {
  return mount.kind === 'volume' ? [`${resourceName(stackName, mount.source)}:${mount.target}:rw`] : [];
}

/** dockerode's own type does not know that the daemon takes empty options, which is what compose sends. */
interface DirectoryMount {
  readonly Type: 'bind';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
  readonly BindOptions: { readonly Propagation?: string };
}

type HostConfigBody = Omit<Docker.HostConfig, 'Mounts'> & { readonly Mounts?: readonly DirectoryMount[] };
export type CreateBody = Omit<Docker.ContainerCreateOptions, 'HostConfig'> & {
  readonly HostConfig: HostConfigBody;
};

/** Directories go as mounts, not as binds: the daemon then refuses a missing source, where it would make it for a bind. */
function directoryMount(mount: Mount, outDir: string): readonly DirectoryMount[] {
  if (mount.kind === 'volume') return [];
  const source = mount.source.startsWith('/') ? mount.source : path.join(outDir, mount.source);
  const options = mount.propagation === null ? {} : { Propagation: mount.propagation };
  return [
    { Type: 'bind', Source: source, Target: mount.target, ReadOnly: mount.isReadOnly, BindOptions: options },
  ];
}

/** `/tmp:size=16m` -> `{ '/tmp': 'size=16m' }`. */
function tmpfsOptions(tmpfs: readonly string[]): Record<string, string> {
  const pairs = tmpfs.map((entry) => {
    const colon = entry.indexOf(':');
    return colon === -1 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
  });
  return Object.fromEntries(pairs);
}

function capability(name: string): string {
  return name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`;
}

function hostConfig(context: StackContext, service: Service): HostConfigBody {
  const binds = service.mounts.flatMap((mount) => volumeBind(mount, context.stackName));
  const mounts = service.mounts.flatMap((mount) => directoryMount(mount, context.outDir));
  return {
    NetworkMode: resourceName(context.stackName, CONTAINER_DEFAULTS.network),
    RestartPolicy: { Name: CONTAINER_DEFAULTS.restart, MaximumRetryCount: 0 },
    LogConfig: { Type: CONTAINER_DEFAULTS.logDriver, Config: { ...CONTAINER_DEFAULTS.logOptions } },
    CapDrop: [...CONTAINER_DEFAULTS.capDrop],
    SecurityOpt: [...CONTAINER_DEFAULTS.securityOpt],
    PortBindings: portBindings(service.ports),
    ExtraHosts: [...service.extraHosts],
    ReadonlyRootfs: service.isReadOnlyRoot,
    Memory: service.memoryBytes,
    PidsLimit: service.pidsLimit,
    ...(binds.length > 0 && { Binds: binds }),
    ...(mounts.length > 0 && { Mounts: mounts }),
    ...(service.tmpfs.length > 0 && { Tmpfs: tmpfsOptions(service.tmpfs) }),
    ...(service.capAdd.length > 0 && { CapAdd: service.capAdd.map(capability) }),
    ...(service.shmBytes !== null && { ShmSize: service.shmBytes }),
  };
}

function environment(service: Service): string[] {
  return Object.entries(service.environment)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}

/** Body of `POST /containers/create`. */
export function containerConfig(context: StackContext, service: Service, imageId: string | null): CreateBody {
  const name = containerName(context.stackName, service.name);
  const network = resourceName(context.stackName, CONTAINER_DEFAULTS.network);
  return {
    Image: service.image,
    AttachStdout: true,
    AttachStderr: true,
    Env: environment(service),
    Labels: containerLabels(context, service, imageId),
    StopTimeout: service.stopGraceSeconds,
    ...(service.entrypoint.length > 0 && { Entrypoint: [...service.entrypoint] }),
    ...(service.command.length > 0 && { Cmd: [...service.command] }),
    ...(service.user !== null && { User: service.user }),
    ...(service.stopSignal !== null && { StopSignal: service.stopSignal }),
    ...(service.healthcheck !== null && { Healthcheck: healthConfig(service.healthcheck) }),
    ...(service.ports.length > 0 && {
      ExposedPorts: Object.fromEntries(
        service.ports.map(({ containerPort }) => [`${containerPort}/tcp`, {}]),
      ),
    }),
    HostConfig: hostConfig(context, service),
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [name, service.name] } } },
  };
}
