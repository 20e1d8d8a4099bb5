/** Fetches the images that are not here yet; each failure is an answer, so that all of them are tried and reported. */
import type { ComponentName } from '../catalog/components.ts';
import { PgmonError } from '../errors.ts';
import type { ProgressEvent } from '../output/reporter.ts';
import type { ImageStore, StoredImage } from '../providers/image-store.ts';
import type { Provider } from '../providers/provider.ts';
import type { Lock, LockedImage } from '../stack/lock.ts';
import type { Image } from '../stack/stack.ts';
import { formatSize } from './format-size.ts';
import { inLanes } from './lanes.ts';

const PULLS_AT_ONCE = 3;

export interface PullDependencies {
  readonly provider: Pick<Provider, 'pull'>;
  readonly store: ImageStore;
  readonly lock: Lock;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly signal: AbortSignal;
}

export type PullOutcome =
  | {
      readonly kind: 'here';
      readonly component: ComponentName;
      readonly image: LockedImage;
      /** False: it was on this machine already. */
      readonly isNew: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly component: ComponentName;
      readonly reference: string;
      readonly error: PgmonError;
    };

/** `docker.io/library/postgres:18` -> `postgres`: the daemon lists digests under the short or the long name. */
function shortRepository(reference: string): string {
  const name = reference.split('@')[0] ?? '';
  const tagStart = name.indexOf(':', name.lastIndexOf('/') + 1);
  return (tagStart === -1 ? name : name.slice(0, tagStart)).replace(/^docker\.io\/(library\/)?/, '');
}

/** The registry's digest of an image, or null when it never came from there. */
export function registryDigest(reference: string, stored: StoredImage): string | null {
  const wanted = shortRepository(reference);
  const entry = stored.digests.find(({ repository }) => shortRepository(repository) === wanted);
  return entry?.digest ?? null;
}

function toLocked(image: Image, stored: StoredImage, pinned: string | null): LockedImage {
  const digest = pinned ?? registryDigest(image.reference, stored);
  const { reference, version } = image;
  return { reference, version, origin: 'registry', digest, ids: { [stored.platform]: stored.id } };
}

/** The registry's digest that the lock file pins for this image; null = the tag decides. */
function pinnedDigest(lock: Lock, component: ComponentName, { reference }: Image): string | null {
  const locked = lock.images[component];
  return locked?.origin === 'registry' && locked.reference === reference ? locked.digest : null;
}

async function pullOne(deps: PullDependencies, component: ComponentName, image: Image): Promise<PullOutcome> {
  const { provider, store, onEvent, signal } = deps;
  const digest = pinnedDigest(deps.lock, component, image);
  const resource = `image ${image.reference}`;
  const event = (status: ProgressEvent['status'], detail: string) =>
    onEvent({ resource, action: 'pull', status, detail });
  const present = await store.find(image.reference, signal);
  if (present !== null && (digest === null || present.digests.some((one) => one.digest === digest))) {
    event('done', 'is here already');
    return { kind: 'here', component, image: toLocked(image, present, digest), isNew: false };
  }
  onEvent({ resource, action: 'pull', status: 'started' });
  try {
    await provider.pull(
      digest === null ? image.reference : `${image.reference}@${digest}`,
      ({ currentBytes, totalBytes }) =>
        event('progress', `${formatSize(currentBytes)} of ${formatSize(totalBytes)}`),
      signal,
    );
    const stored = await store.find(image.reference, signal);
    if (stored === null) throw new Error(`${image.reference} was pulled but the engine does not show it`);
    event('done', formatSize(stored.sizeBytes));
    return { kind: 'here', component, image: toLocked(image, stored, digest), isNew: true };
  } catch (error) {
    if (!(error instanceof PgmonError) || signal.aborted) throw error;
    onEvent({ resource, action: 'pull', status: 'failed' });
    return { kind: 'failed', component, reference: image.reference, error };
  }
}

/** One outcome for each image; rejects only when interrupted or when the engine itself cannot be used. */
export function pullImages(
  deps: PullDependencies,
  images: ReadonlyMap<ComponentName, Image>,
): Promise<readonly PullOutcome[]> {
  return inLanes([...images], PULLS_AT_ONCE, ([component, image]) => pullOne(deps, component, image));
}
