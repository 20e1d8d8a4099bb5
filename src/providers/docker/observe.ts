/** Looks at everything a stack needs in one parallel round: by label, and by the names that it will want. Changes nothing. */
import type Docker from 'dockerode';
import { COMPOSE_LABELS } from '../../conventions.ts';
import type { Host } from '../../host/host.ts';
import type {
  ForeignResource,
  ObservedContainer,
  ObservedResource,
  ObservedWorld,
  ObserveRequest,
} from '../provider.ts';
import { containerName, resourceName } from './compose-names.ts';
import { orNull } from './connection.ts';
import { observedContainer } from './observed-container.ts';
import type { IsSameDirectory, Labels } from './ownership.ts';
import { foreignReason } from './ownership.ts';

interface Seen {
  readonly kind: ForeignResource['kind'];
  readonly name: string;
  readonly labels: Labels;
}

function projectFilter(stackName: string): { filters: { label: string[] } } {
  return { filters: { label: [`${COMPOSE_LABELS.project}=${stackName}`] } };
}

/** By name (one inspect each, all at once) and by label; the label also finds what the spec no longer has. */
async function seeContainers(
  docker: Docker,
  request: ObserveRequest,
): Promise<Docker.ContainerInspectInfo[]> {
  const names = request.services.map((service) => containerName(request.stackName, service.name));
  const [listed, ...byName] = await Promise.all([
    docker.listContainers({ all: true, ...projectFilter(request.stackName) }),
    ...names.map((name) => orNull(docker.getContainer(name).inspect())),
  ]);
  const known = new Map(byName.flatMap((info) => (info === null ? [] : [[info.Id, info] as const])));
  const others = listed.filter(({ Id }) => !known.has(Id));
  const rest = await Promise.all(others.map(({ Id }) => orNull(docker.getContainer(Id).inspect())));
  return [...known.values(), ...rest.filter((info) => info !== null)];
}

/** Of everything the engine has: what carries our label, and what has a name that the stack will want. */
function wanted(stackName: string, keys: readonly string[]): (name: string, labels: Labels) => boolean {
  const names = new Set(keys.map((key) => resourceName(stackName, key)));
  return (name, labels) => names.has(name) || labels?.[COMPOSE_LABELS.project] === stackName;
}

/** One list without a filter costs less than a filtered one and an inspect for each name. */
async function seeNetworks(docker: Docker, request: ObserveRequest): Promise<Seen[]> {
  const isWanted = wanted(request.stackName, request.networks);
  const listed = await docker.listNetworks();
  return listed
    .filter(({ Name, Labels }) => isWanted(Name, Labels))
    .map(({ Name, Labels }) => ({ kind: 'network', name: Name, labels: Labels }));
}

async function seeVolumes(docker: Docker, request: ObserveRequest): Promise<Seen[]> {
  const isWanted = wanted(request.stackName, request.volumes);
  const { Volumes } = await docker.listVolumes();
  return (Volumes ?? [])
    .filter(({ Name, Labels }) => isWanted(Name, Labels))
    .map(({ Name, Labels }) => ({ kind: 'volume', name: Name, labels: Labels }));
}

async function seeImages(docker: Docker, request: ObserveRequest): Promise<ObservedWorld['images']> {
  const references = [...new Set(request.services.map((service) => service.image))];
  const infos = await Promise.all(
    references.map((reference) => orNull(docker.getImage(reference).inspect())),
  );
  return new Map(
    references.map((reference, index) => {
      const info = infos[index];
      // Absent in the answer of an image that never came from a registry.
      const digests = (info?.RepoDigests ?? []).map((digest) => digest.slice(digest.indexOf('@') + 1));
      return [reference, info == null ? null : { id: info.Id, digests }];
    }),
  );
}

/** Directories that differ as text are compared by their real path; one that is gone differs. */
async function directoryComparer(
  host: Pick<Host, 'fs'>,
  outDir: string,
  others: readonly Labels[],
): Promise<IsSameDirectory> {
  const texts = others
    .map((labels) => labels?.[COMPOSE_LABELS.workingDir])
    .filter((text) => text !== undefined);
  const differing = [...new Set(texts)].filter((text) => text !== outDir);
  if (differing.length === 0) return () => true;
  const real = (path: string) => host.fs.realPath(path).catch(() => path);
  const target = await real(outDir);
  const reals = await Promise.all(differing.map(real));
  const same = new Set([outDir, ...differing.filter((_, index) => reals[index] === target)]);
  return (a, b) => a === b || (same.has(a) && same.has(b));
}

function split(seen: readonly Seen[], request: ObserveRequest, isSame: IsSameDirectory) {
  const unique = [...new Map(seen.map((item) => [item.name, item])).values()];
  const judged = unique.map((item) => ({ item, reason: foreignReason(item.labels, request, isSame) }));
  const prefix = resourceName(request.stackName, '');
  const own: ObservedResource[] = judged
    .filter(({ reason }) => reason === null)
    .map(({ item }) => ({
      key: item.name.startsWith(prefix) ? item.name.slice(prefix.length) : item.name,
      name: item.name,
    }));
  const foreign: ForeignResource[] = judged.flatMap(({ item: { kind, name }, reason }) =>
    reason === null ? [] : [{ kind, name, reason }],
  );
  return { own, foreign };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Everything sorted by name, so that the same world always gives the same answer. */
export async function observeWorld(
  docker: Docker,
  host: Pick<Host, 'fs'>,
  request: ObserveRequest,
): Promise<ObservedWorld> {
  const [infos, networkList, volumeList, images] = await Promise.all([
    seeContainers(docker, request),
    seeNetworks(docker, request),
    seeVolumes(docker, request),
    seeImages(docker, request),
  ]);
  const labels = infos.map((info) => info.Config.Labels);
  const isSame = await directoryComparer(host, request.outDir, labels);
  const seen = infos.map((info) => ({ container: observedContainer(info), labels: info.Config.Labels }));
  const asSeen = seen.map(
    ({ container, labels: own }): Seen => ({ kind: 'container', name: container.name, labels: own }),
  );
  const containers = split(asSeen, request, isSame);
  const ownNames = new Set(containers.own.map(({ name }) => name));
  const networks = split(networkList, request, isSame);
  const volumes = split(volumeList, request, isSame);
  const ours: ObservedContainer[] = seen
    .map(({ container }) => container)
    .filter(({ name }) => ownNames.has(name));
  return {
    containers: byName(ours),
    networks: byName(networks.own),
    volumes: byName(volumes.own),
    images,
    foreign: [...containers.foreign, ...networks.foreign, ...volumes.foreign],
    users: [],
    obstacles: [],
  };
}
