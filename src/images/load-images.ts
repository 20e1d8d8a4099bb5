/** Loads an image archive: first all of it is checked, then loaded, then the engine is asked whether it has what was promised. */
import { Readable } from 'node:stream';
import { EnvironmentError } from '../errors.ts';
import type { ProgressEvent } from '../output/reporter.ts';
import type { ImageStore, StoredImage } from '../providers/image-store.ts';
import { checkBundle, eachPart } from './bundle-file.ts';
import type { BundlePart } from './bundle-manifest.ts';
import { formatSize } from './format-size.ts';

export interface LoadDependencies {
  readonly store: ImageStore;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly signal: AbortSignal;
}

export interface LoadedImage extends BundlePart {
  /** Id in this engine; another kind of image store counts differently. */
  readonly storedId: string;
}

/** Same id, or (another kind of store) same layers; layers that nobody knows prove nothing. */
function isPromised(part: BundlePart, stored: StoredImage): boolean {
  return stored.id === part.id || (part.layers.length > 0 && stored.layers.join() === part.layers.join());
}

async function verifyImage(store: ImageStore, part: BundlePart, signal: AbortSignal): Promise<LoadedImage> {
  const stored = await store.find(part.reference, signal);
  if (stored !== null && isPromised(part, stored)) return { ...part, storedId: stored.id };
  const seen = stored === null ? 'no such image' : `image ${stored.id}`;
  throw new EnvironmentError(`${part.reference} was loaded as ${part.id}, but the engine shows ${seen}`, {
    code: 'image-differs',
  });
}

/** Rejects before anything is loaded when the archive is damaged or made for another platform. */
export async function loadImages(deps: LoadDependencies, archive: string): Promise<readonly LoadedImage[]> {
  const { store, onEvent, signal } = deps;
  onEvent({ resource: 'archive', action: 'check', status: 'started' });
  const parts = await checkBundle(archive, signal);
  const platform = await store.platform(signal);
  const foreign = parts.find((part) => part.platform !== platform);
  if (foreign !== undefined) {
    throw new EnvironmentError(
      `${archive} holds images for ${foreign.platform}, the engine here is ${platform}`,
      {
        code: 'wrong-platform',
        hint: `save the images on a ${platform} machine`,
      },
    );
  }
  onEvent({
    resource: 'archive',
    action: 'check',
    status: 'done',
    detail: `${parts.length} images, checksums match`,
  });
  await eachPart(archive, parts, async (part, bytes) => {
    const resource = `image ${part.reference}`;
    onEvent({ resource, action: 'load', status: 'started' });
    await store.load(Readable.from(bytes, { objectMode: false }), signal);
    onEvent({ resource, action: 'load', status: 'done', detail: formatSize(part.sizeBytes) });
  });
  return Promise.all(parts.map((part) => verifyImage(store, part, signal)));
}
