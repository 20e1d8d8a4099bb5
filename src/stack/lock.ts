/** The lock file's content: which image, byte for byte, each component ran from, so that two machines run the same. */
import type { ComponentName } from '../catalog/components.ts';

export interface LockedImage {
  readonly reference: string;
  /** True version of the program inside. */
  readonly version: string;
  /** `build`: made by `pgmon images build` from distribution packages; it then replaces upstream's image. */
  readonly origin: 'registry' | 'build';
  /** Registry manifest digest `sha256:…`; null for images that never came from a registry. */
  readonly digest: string | null;
  /** Image id by platform (`linux/amd64`), as `docker image inspect` prints it. */
  readonly ids: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly images: Readonly<Partial<Record<ComponentName, LockedImage>>>;
}

export const EMPTY_LOCK: Lock = { images: {} };
