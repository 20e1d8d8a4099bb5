/** The lock file's content: which image each component ran from and which dashboards came from outside, byte for byte. */
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

/** A dashboard that was brought in, and from where: the same bytes come again, or nothing does. */
export interface LockedDashboard {
  /** Where it was found: `grafana.com`, an address without its query, or a file's name. */
  readonly source: string;
  /** Id and revision on grafana.com; null for others. */
  readonly id: number | null;
  readonly revision: number | null;
  /** Of the text as it came, before its inputs were filled in. */
  readonly sha256: string;
}

export interface Lock {
  readonly images: Readonly<Partial<Record<ComponentName, LockedImage>>>;
  /** By file name in the directory of dashboards. */
  readonly dashboards?: Readonly<Record<string, LockedDashboard>>;
}

export const EMPTY_LOCK: Lock = { images: {} };
