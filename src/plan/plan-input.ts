/** What planning compares: the desired stack on one side, the observed world on the other. Types only. */

import type { ObservedWorld } from '../providers/provider.ts';
import type { LockedImage } from '../stack/lock.ts';
import type { RenderedStack } from '../stack/rendered-stack.ts';
import type { FileChange } from './file-changes.ts';
import type { BundledServer, SecretChange } from './operations.ts';

/** An image that the lock file pins, as the service asks for it. */
export interface PinnedImage extends LockedImage {
  /** Image id that this platform must have; null = the lock does not know this platform. */
  readonly expectedId: string | null;
}

export interface Desired {
  readonly rendered: RenderedStack;
  /** Null: the stack brings no PostgreSQL of its own. */
  readonly bundled: BundledServer | null;
  /** `never`: an absent image is a problem instead of a pull. */
  readonly pull: 'missing' | 'never';
  readonly pinnedImages: readonly PinnedImage[];
}

/** A host port that a service needs and something that is not ours has. */
export interface TakenPort {
  readonly service: string;
  readonly address: string;
  readonly port: number;
  /** `container web-1`, `process nginx (pid 812)`; null when it cannot be seen. */
  readonly holder: string | null;
}

export interface Observed {
  readonly world: ObservedWorld;
  readonly fileChanges: readonly FileChange[];
  readonly secretChanges: readonly SecretChange[];
  /** By service, ms since the epoch: newest change of a file that the service must be told about. */
  readonly configTimes: ReadonlyMap<string, number>;
  /** By service, ms: newest change of a file in its secrets directory. */
  readonly secretTimes: ReadonlyMap<string, number>;
  /** By service, ms: when it says that it last loaded its configuration. Absent: it did not say or was not asked. */
  readonly loadedAt: ReadonlyMap<string, number>;
  readonly portsTaken: readonly TakenPort[];
}

/** Something in the world that forbids the plan. */
export interface Problem {
  /** kebab-case, for programs. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
