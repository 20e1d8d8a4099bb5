/** Notes in the lock file which images a stack runs from, so that the next machine runs the same bits. */
import type { ComponentName } from '../catalog/components.ts';
import { registryDigest } from '../images/pull-images.ts';
import { updateLock } from '../images/update-lock.ts';
import type { ImageStore, StoredImage } from '../providers/image-store.ts';
import { imagesOf } from '../stack/images-of.ts';
import type { LockedImage } from '../stack/lock.ts';
import type { Image } from '../stack/stack.ts';
import type { CommandContext } from './context.ts';
import type { LoadedRendering } from './load-stack.ts';

/** Null: nothing to note. An image without a registry's digest means nothing on another machine; `images build` notes its own. */
function lockedImage(
  image: Image,
  stored: StoredImage | null,
  before: LockedImage | undefined,
): LockedImage | null {
  if (stored === null) return null;
  const ids = { [stored.platform]: stored.id };
  if (before?.reference === image.reference) {
    return before.ids[stored.platform] === undefined ? { ...before, ids: { ...before.ids, ...ids } } : null;
  }
  const digest = registryDigest(image.reference, stored);
  const { reference, version } = image;
  return digest === null || before !== undefined
    ? null
    : { reference, version, origin: 'registry', digest, ids };
}

async function findNew(store: ImageStore, { stack, lock }: LoadedRendering, signal: AbortSignal) {
  const found = await Promise.all(
    [...imagesOf(stack)].map(async ([component, image]) => {
      const locked = lockedImage(image, await store.find(image.reference, signal), lock.images[component]);
      return locked === null ? [] : [[component, locked] as const];
    }),
  );
  return Object.fromEntries(found.flat()) as Partial<Record<ComponentName, LockedImage>>;
}

/** Never fails the run: the stack serves already; a warning says what could not be noted. */
export async function recordImages(context: CommandContext, loaded: LoadedRendering): Promise<void> {
  const { host, reporter, signal, version } = context;
  try {
    const changed = await findNew(await context.imageStore(), loaded, signal);
    if (Object.keys(changed).length > 0) await updateLock(host, loaded.lockPath, changed, version);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reporter.warn(`the images in use could not be noted in ${loaded.lockPath}: ${reason}`);
  }
}
