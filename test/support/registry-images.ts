/** Images in a test's own registry: pushed there and removed from this machine, so that only the registry has them. */
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { type Connection, orNull } from '../../src/providers/docker/connection.ts';
import { readNdjson } from '../../src/providers/docker/ndjson.ts';
import { tinyImage } from './image-bundle.ts';
import type { RegistryOptions, TestRegistry } from './registry.ts';

export interface RegistryImages {
  /** Pushes an image of this machine under `name` (`test/x:v1`); answers its full reference. The tag is gone here afterwards. */
  publish(name: string, source: string): Promise<string>;
  /** The same with a new image that nothing else has. */
  publishNew(name: string, fileBytes?: number): Promise<string>;
  /** Makes a new image on this machine only, under the registry's name. */
  loadNew(name: string): Promise<string>;
  /** Forgets all tags and digests of the registry, and so the images that have no other. */
  forget(): Promise<void>;
}

/** Everything on this machine that carries the registry's address. */
async function referencesOf(docker: Docker, address: string): Promise<readonly string[]> {
  const images = await docker.listImages({ all: true });
  return images
    .flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])])
    .filter((reference) => reference.startsWith(`${address}/`));
}

/** Tags and digests of the registry that are on this machine are removed after the test. */
export function createRegistryImages(
  { docker }: Connection,
  { address }: TestRegistry,
  auth?: RegistryOptions['auth'],
): RegistryImages {
  const forget = async () => {
    for (const reference of await referencesOf(docker, address)) {
      await orNull(docker.getImage(reference).remove());
    }
  };
  onTestFinished(forget);
  const push = async (reference: string) => {
    const authconfig = { username: auth?.user ?? '', password: auth?.password ?? '', serveraddress: address };
    const stream = await docker.getImage(reference).push({ authconfig });
    for await (const record of readNdjson(stream as AsyncIterable<Buffer>)) {
      if (typeof record === 'object' && record !== null && 'error' in record)
        throw new Error(`${record.error}`);
    }
    await forget();
    return reference;
  };
  const loadNew = async (name: string, fileBytes?: number) => {
    const reference = `${address}/${name}`;
    const { Arch } = await docker.version();
    const archive = Readable.from([await tinyImage(reference, Arch, fileBytes)]);
    await ((await docker.loadImage(archive, { quiet: true })) as Readable).toArray();
    return reference;
  };
  return {
    publish: async (name, source) => {
      const [repo, tag] = [name.slice(0, name.lastIndexOf(':')), name.slice(name.lastIndexOf(':') + 1)];
      await docker.getImage(source).tag({ repo: `${address}/${repo}`, tag });
      return push(`${address}/${name}`);
    },
    publishNew: async (name, fileBytes) => push(await loadNew(name, fileBytes)),
    loadNew,
    forget,
  };
}
