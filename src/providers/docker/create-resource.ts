/** Makes one network, volume or container of a stack; starts nothing. */

import type Docker from 'dockerode';
import { assertNever } from '../../errors.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { ProviderResource, StackContext } from '../provider.ts';
import { containerName, networkLabels, resourceName, volumeLabels } from './compose-names.ts';
import type { Connection } from './connection.ts';
import { orNull } from './connection.ts';
import { containerConfig } from './container-config.ts';

async function createContainer(docker: Docker, context: StackContext, service: Service): Promise<string> {
  const image = await orNull(docker.getImage(service.image).inspect());
  const body = containerConfig(context, service, image?.Id ?? null);
  // Given apart, as dockerode would otherwise put the whole body into the URL as well.
  const request = { _query: { name: containerName(context.stackName, service.name) }, _body: body };
  const container = await docker.createContainer(request as Docker.ContainerCreateOptions);
  return container.id;
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
  const body: Docker.NetworkCreateOptions = {
    Name: resourceName(stackName, key),
    // Older engines make a second network of the same name without this.
    CheckDuplicate: true,
    Labels: networkLabels(stackName, key),
  };
  const network = await docker.createNetwork({
    _query: {},
    _body: body,
  } as unknown as Docker.NetworkCreateOptions);
  return oneOfThisName(docker, resourceName(stackName, key), network.id);
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
