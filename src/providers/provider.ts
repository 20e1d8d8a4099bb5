/** What pgmon asks of a runtime: containers of a Docker daemon, or units of systemd. Words are the containers'. */
import type { ServiceName } from '../conventions.ts';
import type { Program, SystemUser } from '../stack/native.ts';
import type { Service } from '../stack/rendered-stack.ts';

/** What a provider must know about the whole stack besides the one service. */
export interface StackContext {
  readonly stackName: string;
  /** Absolute; `./x` in a mount is below it. */
  readonly outDir: string;
}

export type ContainerStatus =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead';

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  /** Compose service label; may be one that the spec no longer has (an orphan). */
  readonly service: string;
  readonly status: ContainerStatus;
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly exitCode: number | null;
  /** Milliseconds since the epoch; null when never started. */
  readonly startedAtMs: number | null;
  /** Native only: how often it was started again by itself, also when its program did not come to run. */
  readonly restarts?: number;
  /** Native only: false for a unit that runs and would not come back after a reboot. */
  readonly startsAtBoot?: boolean;
  readonly imageId: string;
  readonly imageReference: string;
  readonly serviceHash: string | null;
  readonly ports: readonly {
    readonly address: string;
    readonly hostPort: number;
    readonly containerPort: number;
  }[];
}

export interface ObservedResource {
  readonly key: string;
  readonly name: string;
}

/** A name that our stack needs and something else has. */
export interface ForeignResource {
  readonly kind: 'container' | 'network' | 'volume';
  readonly name: string;
  /** Why it is not ours, in words. */
  readonly reason: string;
}

export interface PortHolder {
  readonly address: string;
  readonly port: number;
  /** `container web-1` or `process nginx (pid 812)`; null when the holder cannot be seen. */
  readonly holder: string | null;
}

export interface ObservedImage {
  /** As the engine prints it. The same image has another id in another kind of image store. */
  readonly id: string;
  /** Digests `sha256:…` that registries know it by; the same everywhere. */
  readonly digests: readonly string[];
}

export interface ObservedWorld {
  readonly containers: readonly ObservedContainer[];
  readonly networks: readonly ObservedResource[];
  readonly volumes: readonly ObservedResource[];
  /** By the reference asked for; null = not on this machine. Native: programs, by `Service.image`. */
  readonly images: ReadonlyMap<string, ObservedImage | null>;
  readonly foreign: readonly ForeignResource[];
  /** Native only: users of the request that are there, made by pgmon or not. */
  readonly users: readonly ObservedUser[];
  /** Native only: what forbids any plan, such as a program that is too old. */
  readonly obstacles: readonly Obstacle[];
}

export interface ObservedUser {
  readonly name: string;
  readonly isOurs: boolean;
}

export interface Obstacle {
  /** kebab-case, for programs. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface ObserveRequest extends StackContext {
  readonly services: readonly Service[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** Native only. */
  readonly users?: readonly SystemUser[];
}

export interface PullProgress {
  readonly reference: string;
  readonly currentBytes: number;
  readonly totalBytes: number;
}

export type ProviderResource =
  | { readonly kind: 'network'; readonly key: string }
  | { readonly kind: 'volume'; readonly key: string }
  | { readonly kind: 'user'; readonly key: string }
  | { readonly kind: 'container'; readonly service: Service };

export interface RemovedPrograms {
  /** Directories and packages. */
  readonly removed: readonly string[];
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
}

export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LogLine {
  readonly service: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface LogOptions {
  readonly tail: number | 'all';
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** Unix seconds. */
  readonly since?: number;
}

/** Every method rejects with EnvironmentError (or CancelledError when `signal` is aborted), never with a library's error. */
export interface Provider {
  readonly kind: 'docker' | 'native';
  /** Says which daemon this is, e.g. `Docker 28.5.2 at unix:///var/run/docker.sock`; fails when it cannot be reached. */
  describe(signal: AbortSignal): Promise<string>;
  observe(request: ObserveRequest, signal: AbortSignal): Promise<ObservedWorld>;
  /** One container as it is now; null when it is gone. */
  inspect(id: string, signal: AbortSignal): Promise<ObservedContainer | null>;
  /** Fetches one image; resolves only when it is complete. Of `name:tag@sha256:…` exactly that, which then has the tag. */
  pull(reference: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<void>;
  /** Native: brings a program from where its source says; resolves when it is complete and proved. */
  install(program: Program, signal: AbortSignal): Promise<void>;
  /** Takes back what `install` brought in this run. */
  uninstall(program: Program, signal: AbortSignal): Promise<void>;
  /** Native: takes away every program that pgmon installed and that no unit of another stack runs. */
  removePrograms(stackName: string, signal: AbortSignal): Promise<RemovedPrograms>;
  /** Makes it and returns its id or name; nothing is started. */
  create(context: StackContext, resource: ProviderResource, signal: AbortSignal): Promise<string>;
  start(containerId: string, signal: AbortSignal): Promise<void>;
  /** Already stopped is success. */
  stop(containerId: string, signal: AbortSignal): Promise<void>;
  /** Gone already is success. */
  remove(
    resource: { readonly kind: 'container' | 'network' | 'volume' | 'user'; readonly id: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Gives a container another name; its labels stay. Used to set the old one aside until the new one serves. */
  rename(containerId: string, name: string, signal: AbortSignal): Promise<void>;
  /** Called after definitions on disk were written, removed or restored; containers have none there. */
  reread(signal: AbortSignal): Promise<void>;
  /** Sends SIGHUP to the service's main process. */
  reload(containerId: string, signal: AbortSignal): Promise<void>;
  /** Runs a program inside the container; `input` goes to its stdin. */
  exec(
    containerId: string,
    command: readonly string[],
    options: { readonly input?: string; readonly user?: string },
    signal: AbortSignal,
  ): Promise<CommandOutput>;
  logs(
    containers: readonly ObservedContainer[],
    options: LogOptions,
    signal: AbortSignal,
  ): AsyncIterable<LogLine>;
  /** Who holds a host port, for the message "port taken". */
  portHolder(port: number, address: string, signal: AbortSignal): Promise<PortHolder>;
}

/** Container of a service, or null. */
export function containerOf(world: ObservedWorld, service: ServiceName): ObservedContainer | null {
  return world.containers.find((container) => container.service === service) ?? null;
}
