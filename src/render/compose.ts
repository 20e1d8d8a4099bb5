/** docker-compose.yml: the same services that the Docker API gets, for people who prefer compose. */
import { COMPOSE_FILE } from '../conventions.ts';
import type { Mount, PortMapping, RenderedFile, Service } from '../stack/rendered-stack.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';
import { LOG_OPTIONS, RESTART_POLICY } from './services/base-service.ts';

export interface ComposeInput {
  readonly name: string;
  readonly services: readonly Service[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

/** `127.0.0.1:9090:9090/tcp`, the address in brackets when it is IPv6. */
function portText({ address, hostPort, containerPort }: PortMapping): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${hostPort}:${containerPort}/tcp`;
}

/** `source:target[:options]`, as in `docker run -v`. */
function mountText(mount: Mount): string {
  if (mount.kind === 'volume') return `${mount.source}:${mount.target}`;
  const options = [
    mount.isReadOnly ? 'ro' : 'rw',
    ...(mount.propagation === null ? [] : [mount.propagation]),
  ];
  return `${mount.source}:${mount.target}:${options.join(',')}`;
}

function buildServiceView(service: Service) {
  return {
    name: service.name,
    image: service.image,
    entrypoint: service.entrypoint,
    command: service.command,
    user: service.user,
    environment: sortedPairs(service.environment),
    ports: service.ports.map(portText),
    volumes: service.mounts.map(mountText),
    tmpfs: service.tmpfs,
    extraHosts: service.extraHosts,
    dependsOn: service.dependsOn,
    isReadOnlyRoot: service.isReadOnlyRoot,
    capAdd: service.capAdd,
    memoryBytes: service.memoryBytes,
    pidsLimit: service.pidsLimit,
    shmBytes: service.shmBytes,
    restart: RESTART_POLICY,
    stopSignal: service.stopSignal,
    stopGraceSeconds: service.stopGraceSeconds,
    healthcheck: service.healthcheck,
    logOptions: sortedPairs(LOG_OPTIONS),
    labels: sortedPairs(service.labels),
  };
}

export function renderCompose(input: ComposeInput, { header, fill }: RenderContext): RenderedFile {
  const view = { ...input, header, services: input.services.map(buildServiceView) };
  return { path: COMPOSE_FILE, content: fill('docker-compose.yml.hbs', view) };
}
