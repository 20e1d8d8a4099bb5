/** What rendering makes of a stack: files, secret files and services. Pure data; planning compares it with the world. */
import type { ServiceName } from '../conventions.ts';
import type { Program, SystemUser } from './native.ts';
import type { Runtime } from './stack.ts';

/** A file without secrets. `path` is relative to the output directory, with `/`; a unit's leads out of it (`../../systemd/system/…`). */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
}

/** A file below `secrets/` whose text needs secret values; rendered only at the moment it is written. */
export interface SecretFile {
  readonly path: string;
  /** Ids of the secrets that `render` reads. */
  readonly secrets: readonly string[];
  readonly render: (values: ReadonlyMap<string, string>) => string;
}

export interface PortMapping {
  readonly address: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

export type Mount =
  /** `source`: `./dir` below the output directory, or an absolute path such as `/`. */
  | {
      readonly kind: 'bind';
      readonly source: string;
      readonly target: string;
      readonly isReadOnly: boolean;
      readonly propagation: 'rslave' | null;
    }
  /** `source`: key of `RenderedStack.volumes`. */
  | { readonly kind: 'volume'; readonly source: string; readonly target: string };

export interface Healthcheck {
  /** Without the leading `CMD`. */
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

/** How pgmon itself asks a service whether it serves. */
export type Readiness =
  | {
      readonly kind: 'http';
      readonly scheme: 'http' | 'https';
      readonly containerPort: number;
      readonly path: string;
      readonly basicAuth: { readonly user: string; readonly password: string /* secret id */ } | null;
      readonly ca: string | null /* secret id */;
      readonly serverName: string | null;
    }
  /** Run inside the container; exit code 0 = ready. */
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  /** Ready as soon as it runs. */
  | { readonly kind: 'running' };

/**
 * What a changed rendered file asks for: `recreate` the container; `reload` by SIGHUP, after which the service says on
 * `metric` (Unix seconds, on its /metrics) when it last loaded its configuration; `none`: the service looks by itself.
 */
export type ConfigReaction =
  | { readonly kind: 'recreate' }
  | { readonly kind: 'reload'; readonly loadedAtMetric: string; readonly successMetric: string }
  | { readonly kind: 'none' };

/** Files (path prefixes below the output directory) that a service reads, and what a change of theirs asks for. */
export interface ConfigInput {
  readonly prefix: string;
  readonly reaction: ConfigReaction;
}

/** One service of the stack. Everything that docker-compose.yml says and the Docker API gets, or the unit says, from one place. */
export interface Service {
  readonly name: ServiceName;
  /** Native: the program in words, e.g. `prometheus 3.5.3`. */
  readonly image: string;
  /** What the unit runs; null in a container. */
  readonly program: Program | null;
  /** Empty = the image's own. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** In a container null = the image's own. */
  readonly user: string | null;
  /** Never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly PortMapping[];
  readonly mounts: readonly Mount[];
  /** `/tmp:size=16m,mode=1777` as compose writes it. */
  readonly tmpfs: readonly string[];
  /** `host.docker.internal:host-gateway`. */
  readonly extraHosts: readonly string[];
  readonly isReadOnlyRoot: boolean;
  readonly capAdd: readonly string[];
  readonly memoryBytes: number;
  readonly pidsLimit: number;
  readonly shmBytes: number | null;
  readonly stopSignal: string | null;
  readonly stopGraceSeconds: number;
  readonly healthcheck: Healthcheck | null;
  readonly dependsOn: readonly {
    readonly service: ServiceName;
    readonly condition: 'service_started' | 'service_healthy';
  }[];
  /** `io.pgmon.*` labels, among them the service hash. */
  readonly labels: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  readonly configInputs: readonly ConfigInput[];
  /** Directory below `secrets/` that is mounted; a change below it restarts the service. Null = none. */
  readonly secretsDir: string | null;
  /** Slow starters go first; higher = earlier. */
  readonly startWeight: number;
}

/** Same for every service: `cap_drop: [ALL]`, `no-new-privileges`, restart policy, log rotation (see render/services). */
export interface RenderedStack {
  readonly name: string;
  readonly runtime: Runtime;
  /** Sorted by path. */
  readonly files: readonly RenderedFile[];
  /** Sorted by path. */
  readonly secretFiles: readonly SecretFile[];
  readonly services: readonly Service[];
  /** Keys as in docker-compose.yml; the real name is `<stack>_<key>`. */
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  /** Native only, sorted by name. */
  readonly users: readonly SystemUser[];
}
