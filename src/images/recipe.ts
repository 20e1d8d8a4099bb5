/** How a stand-in image differs from its packages: what stays, what is renamed, what is added, how it starts. Types only. */

/** A file, directory or link that pgmon adds to the packages' own. Paths have no leading slash. */
export type OwnEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number; readonly uid: number }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly content: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

/** What `docker image inspect` shows under Config. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** Empty = root. */
  readonly user: string;
  readonly workingDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly ports: readonly number[];
  readonly stopSignal: string | null;
}

export interface Recipe {
  /** The package whose version the image carries. */
  readonly mainPackage: string;
  /** Package names; with `withDependencies` everything they depend on comes along, but `leftOut`. */
  readonly packages: readonly string[];
  readonly withDependencies: boolean;
  readonly leftOut: RegExp | null;
  /** Paths below these are dropped. */
  readonly droppedPaths: readonly RegExp[];
  /** Path in the package -> path in the image. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Small text files changed on the way. */
  readonly edited: Readonly<Record<string, { readonly find: RegExp; readonly replacement: string }>>;
  readonly ownEntries: readonly OwnEntry[];
  readonly config: ImageConfig;
}
