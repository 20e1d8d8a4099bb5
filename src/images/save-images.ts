/** Writes images into one archive for a machine without a registry: manifest first, then one part for each image. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ComponentName } from '../catalog/components.ts';
import { EnvironmentError } from '../errors.ts';
import type { ProgressEvent } from '../output/reporter.ts';
import type { ImageStore } from '../providers/image-store.ts';
import type { LockedImage } from '../stack/lock.ts';
import {
  type BundlePart,
  formatManifest,
  formatReadme,
  MANIFEST_NAME,
  README_NAME,
} from './bundle-manifest.ts';
import { formatSize } from './format-size.ts';
import { moveFile, readFileStream, withTemporaryDirectory, writeFileStream } from './streams.ts';
import { type Bytes, tarStream } from './tar.ts';

export interface SaveDependencies {
  readonly store: ImageStore;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly signal: AbortSignal;
  /** pgmon's own version. */
  readonly version: string;
}

export interface ImageToSave {
  readonly component: ComponentName;
  readonly reference: string;
  readonly version: string;
  readonly origin: LockedImage['origin'];
  readonly digest: string | null;
}

interface SpooledPart extends BundlePart {
  readonly spoolPath: string;
}

async function spool(deps: SaveDependencies, image: ImageToSave, dir: string): Promise<SpooledPart> {
  const { store, signal, onEvent } = deps;
  const resource = `image ${image.reference}`;
  const stored = await store.find(image.reference, signal);
  if (stored === null)
    throw new EnvironmentError(`${image.reference} is not on this machine`, { code: 'image-missing' });
  onEvent({ resource, action: 'save', status: 'started' });
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measured = async function* (source: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  const spoolPath = path.join(dir, `${image.component}.tar`);
  await pipeline(await store.save(image.reference, signal), measured, writeFileStream(spoolPath), { signal });
  onEvent({ resource, action: 'save', status: 'done', detail: formatSize(sizeBytes) });
  const { id, layers, platform } = stored;
  const file = `images/${image.component}.tar`;
  return { ...image, platform, id, layers, file, sizeBytes, sha256: hash.digest('hex'), spoolPath };
}

function bundleStream(parts: readonly SpooledPart[], version: string) {
  const manifest = parts.map(({ spoolPath: _, ...part }) => part);
  const mtime = new Date(0);
  return tarStream(async (writer) => {
    await writer.add({ name: MANIFEST_NAME, mtime }, formatManifest(manifest, version));
    await writer.add({ name: README_NAME, mtime }, formatReadme(manifest));
    for (const part of parts) {
      await writer.addStream(
        { name: part.file, mtime, size: part.sizeBytes },
        readFileStream(part.spoolPath),
      );
    }
  });
}

/** Writes `archive` (gzipped when its name ends in .gz or .tgz); it appears only when it is complete. */
export async function saveImages(
  deps: SaveDependencies,
  images: readonly ImageToSave[],
  archive: string,
): Promise<readonly BundlePart[]> {
  return withTemporaryDirectory(async (dir) => {
    const parts: SpooledPart[] = [];
    for (const image of images) parts.push(await spool(deps, image, dir));
    const target = path.join(dir, 'bundle');
    const source = bundleStream(parts, deps.version);
    const isZipped = /\.t?gz$/.test(archive);
    const { signal } = deps;
    if (isZipped) await pipeline(source, createGzip({ level: 4 }), writeFileStream(target), { signal });
    else await pipeline(source, writeFileStream(target), { signal });
    await moveFile(target, archive);
    return parts;
  }, path.dirname(archive));
}
