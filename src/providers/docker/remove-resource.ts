/** Removes one container, network or volume; gone already is success. */
import type Docker from 'dockerode';
import { assertNever } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { orNull, tolerate } from './connection.ts';
import { statusOf } from './errors.ts';

export interface RemovableResource {
  readonly kind: 'container' | 'network' | 'volume' | 'user';
  readonly id: string;
}

const GONE = [404] as const;

async function untilGone(container: Docker.Container): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if ((await orNull(container.inspect())) === null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the container is still being removed');
}

/** Anonymous volumes stay: an image that the user chose may keep its data in one. */
async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: false });
  } catch (cause) {
    if (statusOf(cause) === 404) return;
    // Somebody else is removing it.
    if (statusOf(cause) !== 409) throw cause;
    await untilGone(container);
  }
}

export function removeResource(
  { docker, change }: Connection,
  { kind, id }: RemovableResource,
  signal: AbortSignal,
): Promise<void> {
  return change(`remove ${kind} ${id}`, signal, () => {
    switch (kind) {
      case 'container':
        return removeContainer(docker.getContainer(id));
      case 'network':
        return tolerate(docker.getNetwork(id).remove(), GONE);
      case 'volume':
        return tolerate(docker.getVolume(id).remove(), GONE);
      case 'user':
        return Promise.reject(new Error('a Docker daemon has no users'));
      default:
        return assertNever(kind);
    }
  });
}
