/** Looks at everything a native stack needs in one parallel round. Changes nothing. */
import { PGMON_LABELS } from '../../conventions.ts';
import type { Host } from '../../host/host.ts';
import { targetName, unitName } from '../../stack/native-names.ts';
import type { PortMapping, Service } from '../../stack/rendered-stack.ts';
import { listeningPid } from '../process-holder.ts';
import type { ObservedContainer, ObservedWorld, ObserveRequest } from '../provider.ts';
import { credentialObstacle } from './credentials.ts';
import { type ObservedPrograms, observePrograms } from './programs/observe-programs.ts';
import { rootObstacle } from './require-systemd.ts';
import { containersOf, showUnits } from './show-units.ts';
import { unitsOf } from './unit-names.ts';
import { observeUsers } from './users.ts';
import { observeVolumes } from './volumes.ts';

const HAS_PROCESS = new Set(['running', 'restarting']);

type Looks = Pick<Host, 'exec' | 'fs' | 'uid'>;

/** One that was started with another definition may listen elsewhere: what the spec asks for now can be somebody else's. */
async function heldPorts(
  host: Looks,
  { name, status, serviceHash }: ObservedContainer,
  service: Service,
  signal: AbortSignal,
): Promise<readonly PortMapping[]> {
  if (!HAS_PROCESS.has(status)) return [];
  if (serviceHash === service.labels[PGMON_LABELS.serviceHash]) return service.ports;
  const [shown] = await showUnits(host, [name], signal);
  const holders = await Promise.all(
    service.ports.map(({ hostPort, address }) => listeningPid(host, { port: hostPort, address }, signal)),
  );
  return service.ports.filter((_, index) => holders[index] === Number(shown?.MainPID));
}

/** Adds what only the spec knows: the program and where it listens. */
async function completed(
  host: Looks,
  container: ObservedContainer,
  request: ObserveRequest & { readonly images: ObservedPrograms['images'] },
  signal: AbortSignal,
): Promise<ObservedContainer> {
  const { stackName, services, images } = request;
  const service = services.find(({ name }) => unitName(stackName, name) === container.name);
  if (service === undefined) return container;
  return {
    ...container,
    imageId: images.get(service.image)?.id ?? '',
    imageReference: service.image,
    ports: await heldPorts(host, container, service, signal),
  };
}

/** Everything sorted by name, so that the same world always gives the same answer. */
export async function observeNative(
  host: Looks,
  request: ObserveRequest,
  signal: AbortSignal,
): Promise<ObservedWorld> {
  const { stackName, services, users = [] } = request;
  const [containers, programs, volumes, seenUsers, credentials] = await Promise.all([
    containersOf(host, [...unitsOf(stackName), targetName(stackName)], signal),
    observePrograms(host, services, signal),
    observeVolumes(host, stackName),
    observeUsers(host, stackName, users),
    credentialObstacle(host, signal),
  ]);
  const machine = [rootObstacle(host), credentials].filter((obstacle) => obstacle !== null);
  const known = { ...request, images: programs.images };
  return {
    containers: await Promise.all(containers.map((one) => completed(host, one, known, signal))),
    networks: [],
    volumes,
    images: programs.images,
    foreign: [],
    users: seenUsers,
    obstacles: [...machine, ...programs.obstacles],
  };
}
