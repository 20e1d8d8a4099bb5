/** Which image each component of a stack needs, and whether this machine has it. Reads only. */
import type { ComponentName } from '../catalog/components.ts';
import type { ImageStore } from '../providers/image-store.ts';
import type { Lock } from '../stack/lock.ts';
import type { Image } from '../stack/stack.ts';

export interface ListedImage {
  readonly component: ComponentName;
  readonly reference: string;
  readonly version: string;
  /** `other`: an image with this reference is here, but not the one of the lock file. */
  readonly state: 'present' | 'absent' | 'other';
  /** Null when absent. */
  readonly id: string | null;
  readonly sizeBytes: number | null;
  readonly origin: 'registry' | 'build' | 'spec';
}

export interface ListRequest {
  readonly images: ReadonlyMap<ComponentName, Image>;
  readonly lock: Lock;
}

async function listOne(
  store: ImageStore,
  lock: Lock,
  [component, image]: readonly [ComponentName, Image],
  signal: AbortSignal,
): Promise<ListedImage> {
  const { reference, version, chosenBy } = image;
  const stored = await store.find(reference, signal);
  const locked = chosenBy === 'lock' ? lock.images[component] : undefined;
  const lockedId = stored === null ? undefined : locked?.ids[stored.platform];
  const isOther = lockedId !== undefined && lockedId !== stored?.id;
  return {
    component,
    reference,
    version,
    state: stored === null ? 'absent' : isOther ? 'other' : 'present',
    id: stored?.id ?? null,
    sizeBytes: stored?.sizeBytes ?? null,
    origin: locked?.origin ?? (chosenBy === 'spec' ? 'spec' : 'registry'),
  };
}

/** In the stack's order of components. */
export function listImages(
  store: ImageStore,
  request: ListRequest,
  signal: AbortSignal,
): Promise<readonly ListedImage[]> {
  return Promise.all([...request.images].map((entry) => listOne(store, request.lock, entry, signal)));
}
