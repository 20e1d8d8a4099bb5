/** Small images and fake image stores for tests of `pgmon images`. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { tarStream } from '../../src/images/tar.ts';
import type { ImageStore, StoredImage } from '../../src/providers/image-store.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

export async function readBytes(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A `docker load` archive of an image with one file that no other image has and that no compression makes smaller. */
export async function tinyImage(reference: string, architecture: string, fileBytes = 2000): Promise<Buffer> {
  const layer = await readBytes(
    tarStream((writer) => writer.add({ name: 'unique' }, randomBytes(fileBytes))),
  );
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    config: { Entrypoint: ['/none'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
  });
  const name = `${sha256(config)}.json`;
  return readBytes(
    tarStream(async (writer) => {
      await writer.add({ name }, config);
      await writer.add({ name: 'layer.tar' }, layer);
      await writer.add(
        { name: 'manifest.json' },
        JSON.stringify([{ Config: name, RepoTags: [reference], Layers: ['layer.tar'] }]),
      );
    }),
  );
}

export interface FakeImage {
  readonly reference: string;
  readonly bytes: Uint8Array;
}

/** An engine that keeps archives as they are; the id is the hash of the archive. `loaded` counts what was handed to it. */
export function createFakeImageStore(
  images: readonly FakeImage[],
): ImageStore & { readonly loaded: () => number } {
  const byReference = new Map(images.map((image) => [image.reference, image.bytes]));
  const byContent = new Map(images.map((image) => [sha256(image.bytes), image.reference]));
  let loaded = 0;
  const stored = (reference: string, bytes: Uint8Array): StoredImage => ({
    id: `sha256:${sha256(bytes)}`,
    references: [reference],
    layers: [`sha256:${sha256(bytes)}`],
    sizeBytes: bytes.length,
    labels: {},
    platform: 'linux/amd64',
    digests: [],
    createdMs: 0,
  });
  return {
    loaded: () => loaded,
    platform: async () => 'linux/amd64',
    find: async (reference) => {
      const bytes = byReference.get(reference);
      return bytes === undefined ? null : stored(reference, bytes);
    },
    references: async (repository) =>
      [...byReference.keys()].filter((name) => name.startsWith(`${repository}:`)),
    load: async (archive) => {
      const bytes = await readBytes(archive);
      loaded += 1;
      const reference = byContent.get(sha256(bytes));
      if (reference !== undefined) byReference.set(reference, bytes);
    },
    save: async (reference) => Readable.from([byReference.get(reference) ?? Buffer.alloc(0)]),
  };
}
