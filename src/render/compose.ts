/** docker-compose.yml: the same services that the Docker API gets, for people who prefer compose. */
import { COMPOSE_FILE } from '../conventions.ts';
import { CONTAINER_DEFAULTS } from '../stack/container-defaults.ts';
import type { Mount, PortMapping, RenderedFile, Service } from '../stack/rendered-stack.ts';
import { type RenderContext, sortedPairs } from './render-context.ts';

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

/** Long syntax: a missing source is an error (never a directory made by the daemon), and a `:` in a path is just a sign. */
function buildMountView(mount: Mount) {
  const { kind, source, target } = mount;
  const bind =
    mount.kind === 'bind' ? { isReadOnly: mount.isReadOnly, propagation: mount.propagation } : null;
  return { kind, source, target, bind };
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
    volumes: service.mounts.map(buildMountView),
    tmpfs: service.tmpfs,
    extraHosts: service.extraHosts,
    dependsOn: service.dependsOn,
    isReadOnlyRoot: service.isReadOnlyRoot,
    capAdd: service.capAdd,
    memoryBytes: service.memoryBytes,
    pidsLimit: service.pidsLimit,
    shmBytes: service.shmBytes,
    restart: CONTAINER_DEFAULTS.restart,
    capDrop: CONTAINER_DEFAULTS.capDrop,
    securityOpt: CONTAINER_DEFAULTS.securityOpt,
    logDriver: CONTAINER_DEFAULTS.logDriver,
    stopSignal: service.stopSignal,
    stopGraceSeconds: service.stopGraceSeconds,
    healthcheck: service.healthcheck,
    logOptions: sortedPairs(CONTAINER_DEFAULTS.logOptions),
    labels: sortedPairs(service.labels),
  };
}

export function renderCompose(input: ComposeInput, { header, fill }: RenderContext): RenderedFile {
  const view = { ...input, header, services: input.services.map(buildServiceView) };
  return { path: COMPOSE_FILE, content: fill('docker-compose.yml.hbs', view) };
}
