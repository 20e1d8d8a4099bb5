/** Makes one network, volume or container of a stack; starts nothing. */

import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { assertNever } from '../../errors.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { ProviderResource, StackContext } from '../provider.ts';
import { containerName, networkLabels, resourceName, volumeLabels } from './compose-names.ts';
import type { Connection } from './connection.ts';
import { orNull } from './connection.ts';
import { containerConfig } from './container-config.ts';
import { statusOf } from './errors.ts';
import type { Labels } from './ownership.ts';

/** The engine takes a name first and shows what bears it later. */
const APPEAR_PAUSE_MS = 100;
const APPEAR_LIMIT_MS = 5000;

interface Found {
  readonly id: string;
  readonly labels: Labels;
  /** Nobody has used it yet. */
  readonly isNew: boolean;
}

async function appeared(find: () => Promise<Found | null>): Promise<Found | null> {
  for (let waitedMs = 0; waitedMs < APPEAR_LIMIT_MS; waitedMs += APPEAR_PAUSE_MS) {
    const found = await find();
    if (found !== null) return found;
    await sleep(APPEAR_PAUSE_MS);
  }
  return null;
}

/**
 * The engine may finish a request whose client is gone (pgmon killed, the connection cut) after ours has looked, and then
 * refuses our own for its name. What is new and bears exactly the labels that ours would bear is what we asked for; anything
 * else is refused.
 */
async function orMadeMeanwhile(
  creation: Promise<{ readonly id: string }>,
  wanted: Readonly<Record<string, string>>,
  find: () => Promise<Found | null>,
): Promise<string> {
  try {
    return (await creation).id;
  } catch (cause) {
    const found = statusOf(cause) === 409 ? await appeared(find) : null;
    const isOurs = Object.entries(wanted).every(([key, value]) => found?.labels?.[key] === value);
    if (found?.isNew !== true || !isOurs) throw cause;
    return found.id;
  }
}

async function createContainer(docker: Docker, context: StackContext, service: Service): Promise<string> {
  const image = await orNull(docker.getImage(service.image).inspect());
  const body = containerConfig(context, service, image?.Id ?? null);
  const name = containerName(context.stackName, service.name);
  // Given apart, as dockerode would otherwise put the whole body into the URL as well.
  const request = { _query: { name }, _body: body };
  const creation = docker.createContainer(request as Docker.ContainerCreateOptions);
  return orMadeMeanwhile(creation, body.Labels ?? {}, async () => {
    const info = await orNull(docker.getContainer(name).inspect());
    return info && { id: info.Id, labels: info.Config.Labels, isNew: info.State.Status === 'created' };
  });
}

/**
 * The engine may finish a request whose client is gone while ours runs, and then has two networks of one name, on which
 * no container can start. Ours is the one that nobody uses yet: it goes.
 */
async function oneOfThisName(docker: Docker, name: string, ownId: string): Promise<string> {
  const found = await docker.listNetworks({ filters: { name: [name] } });
  const other = found.find((network) => network.Name === name && network.Id !== ownId);
  if (other === undefined) return ownId;
  await docker.getNetwork(ownId).remove();
  return other.Id;
}

async function createNetwork(docker: Docker, { stackName }: StackContext, key: string): Promise<string> {
  const Name = resourceName(stackName, key);
  const Labels = networkLabels(stackName, key);
  // Older engines make a second network of the same name without CheckDuplicate.
  const request = { _query: {}, _body: { Name, CheckDuplicate: true, Labels } };
  const creation = docker.createNetwork(request as unknown as Docker.NetworkCreateOptions);
  const id = await orMadeMeanwhile(creation, Labels, async () => {
    const info = await orNull<Docker.NetworkInspectInfo>(docker.getNetwork(Name).inspect());
    const isNew = Object.keys(info?.Containers ?? {}).length === 0;
    return info && { id: info.Id, labels: info.Labels, isNew };
  });
  return oneOfThisName(docker, Name, id);
}

async function createVolume(docker: Docker, { stackName }: StackContext, key: string): Promise<string> {
  const body: Docker.VolumeCreateOptions = {
    Name: resourceName(stackName, key),
    Labels: volumeLabels(stackName, key),
  };
  await docker.createVolume({ _query: {}, _body: body } as Docker.VolumeCreateOptions);
  return resourceName(stackName, key);
}

/** Id (container, network) or name (volume) of what was made. */
export function createResource(
  { docker, change }: Connection,
  context: StackContext,
  resource: ProviderResource,
  signal: AbortSignal,
): Promise<string> {
  switch (resource.kind) {
    case 'container': {
      const { service } = resource;
      return change(`create ${service.name}`, signal, () => createContainer(docker, context, service));
    }
    case 'network':
      return change(`create network ${resourceName(context.stackName, resource.key)}`, signal, () =>
        createNetwork(docker, context, resource.key),
      );
    case 'volume':
      return change(`create volume ${resourceName(context.stackName, resource.key)}`, signal, () =>
        createVolume(docker, context, resource.key),
      );
    case 'user':
      throw new Error('containers need no user of the system');
    default:
      return assertNever(resource);
  }
}
