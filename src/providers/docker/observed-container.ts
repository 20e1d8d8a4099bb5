/** What `docker inspect` says of a container, in pgmon's words. Pure. */
import type Docker from 'dockerode';
import { COMPOSE_LABELS, PGMON_LABELS } from '../../conventions.ts';
import type { ContainerStatus, ObservedContainer } from '../provider.ts';

/** Docker's words and, where they differ, Podman's. */
const STATUSES: Readonly<Record<string, ContainerStatus>> = {
  created: 'created',
  configured: 'created',
  initialized: 'created',
  running: 'running',
  stopping: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  stopped: 'exited',
  dead: 'dead',
};

const HEALTHS = ['starting', 'healthy', 'unhealthy'] as const;

function startedAtMs(text: string | undefined): number | null {
  const time = Date.parse(text ?? '');
  // The daemon writes year 1 for "never".
  return Number.isNaN(time) || time <= 0 ? null : time;
}

type Bindings = Readonly<
  Record<string, readonly { readonly HostIp?: string; readonly HostPort?: string }[] | null>
>;

function portsOf(bindings: Bindings): ObservedContainer['ports'] {
  return Object.entries(bindings).flatMap(([key, published]) =>
    (published ?? []).map(({ HostIp = '', HostPort = '' }) => ({
      address: HostIp === '' ? '0.0.0.0' : HostIp,
      hostPort: Number(HostPort),
      containerPort: Number.parseInt(key, 10),
    })),
  );
}

/** Ports are those asked for (`HostConfig`), known also while the container does not run. */
export function observedContainer(info: Docker.ContainerInspectInfo): ObservedContainer {
  const labels = info.Config.Labels ?? {};
  const name = info.Name.replace(/^\//, '');
  // `docker compose run` leaves these; by its own name it is an orphan, never the service.
  const isOneOff = labels[COMPOSE_LABELS.oneoff] === 'True';
  const status = STATUSES[info.State.Status] ?? 'dead';
  const health = HEALTHS.find((name) => name === info.State.Health?.Status) ?? 'none';
  return {
    id: info.Id,
    name,
    service: isOneOff ? name : (labels[COMPOSE_LABELS.service] ?? name),
    status,
    health,
    exitCode: status === 'exited' || status === 'dead' ? info.State.ExitCode : null,
    startedAtMs: startedAtMs(info.State.StartedAt),
    imageId: info.Image,
    imageReference: info.Config.Image,
    serviceHash: labels[PGMON_LABELS.serviceHash] ?? null,
    ports: portsOf((info.HostConfig.PortBindings ?? {}) as Bindings),
  };
}
