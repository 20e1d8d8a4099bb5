/** What the image commands ask of a container engine's own store of images. Implemented in providers/docker. */
import type { Readable } from 'node:stream';

export interface StoredImage {
  /** As the engine prints it: `sha256:…`. */
  readonly id: string;
  /** `name:tag` references that point at it, sorted. */
  readonly references: readonly string[];
  /** Digests of the uncompressed layers, from the base up. */
  readonly layers: readonly string[];
  readonly sizeBytes: number;
  readonly labels: Readonly<Record<string, string>>;
  /** `linux/amd64`. */
  readonly platform: string;
  /** What registries know it by; one repository can know it by several digests. */
  readonly digests: readonly { readonly repository: string; readonly digest: string }[];
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
}

/** Every method rejects with EnvironmentError, or CancelledError when `signal` is aborted. */
export interface ImageStore {
  /** Platform of the engine: `linux/amd64`. */
  platform(signal: AbortSignal): Promise<string>;
  /** Null when no image has this reference or id. */
  find(reference: string, signal: AbortSignal): Promise<StoredImage | null>;
  /** References of a repository (`localhost/pgmon/prometheus`), the image that was made last first. */
  references(repository: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Takes a `docker save` archive; rejects when the engine reports an error in its answer. */
  load(archive: Readable, signal: AbortSignal): Promise<void>;
  /** A `docker save` archive of one image with its reference. */
  save(reference: string, signal: AbortSignal): Promise<Readable>;
}
