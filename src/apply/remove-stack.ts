/** Removes everything of a stack that the daemon knows: containers at once, then networks, then (only when asked) volumes. */
import type { Clock } from '../host/host.ts';
import type { Reporter } from '../output/reporter.ts';
import type { ObservedContainer, ObservedWorld, Provider } from '../providers/provider.ts';
import { uninterrupted } from './apply-deps.ts';

export interface StackRemains {
  /** Names of what was removed. */
  readonly removed: readonly string[];
  /** Names of volumes that stay. */
  readonly kept: readonly string[];
}

export interface RemoveDeps {
  readonly provider: Provider;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, 'event' | 'warn'>;
}

export interface RemoveLimits {
  readonly volumes: boolean;
  /** Kill what has not stopped by then. Default: the container's own grace time. */
  readonly timeoutMs?: number;
}

async function reported(
  { reporter }: RemoveDeps,
  resource: string,
  work: () => Promise<void>,
): Promise<void> {
  reporter.event({ resource, action: 'remove', status: 'started' });
  try {
    await work();
    reporter.event({ resource, action: 'remove', status: 'done' });
  } catch (error) {
    reporter.event({ resource, action: 'remove', status: 'failed' });
    throw error;
  }
}

async function stop(
  { provider, clock }: RemoveDeps,
  container: ObservedContainer,
  timeoutMs: number | undefined,
): Promise<void> {
  const stopped = provider.stop(container.id, uninterrupted());
  if (timeoutMs === undefined) return stopped;
  const over = new AbortController();
  // Removal kills what still runs then.
  const limit = clock.sleep(timeoutMs, over.signal).catch(() => undefined);
  await Promise.race([stopped, limit]);
  over.abort();
  stopped.catch(() => undefined);
}

const HAS_PROCESS = new Set(['running', 'restarting', 'paused']);

async function removeContainer(
  deps: RemoveDeps,
  container: ObservedContainer,
  timeoutMs: number | undefined,
): Promise<void> {
  await reported(deps, container.service, async () => {
    if (HAS_PROCESS.has(container.status)) await stop(deps, container, timeoutMs);
    await deps.provider.remove({ kind: 'container', id: container.id }, uninterrupted());
  });
}

/** Rejects with the first failure only after all have ended: nothing goes on behind the back of the next run. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Safe to repeat; interrupted, it ends after what it has begun and a next run takes the rest. */
export async function removeStack(
  deps: RemoveDeps,
  world: ObservedWorld,
  limits: RemoveLimits,
  signal: AbortSignal,
): Promise<StackRemains> {
  const { provider } = deps;
  await allEnded(world.containers.map((container) => removeContainer(deps, container, limits.timeoutMs)));
  signal.throwIfAborted();
  const wordOf = (kind: string) => (kind === 'volume' && provider.kind === 'native' ? 'directory' : kind);
  const removeAll = (kind: 'network' | 'volume', names: readonly string[]) =>
    allEnded(
      names.map((name) =>
        reported(deps, `${wordOf(kind)} ${name}`, () => provider.remove({ kind, id: name }, uninterrupted())),
      ),
    );
  const networks = world.networks.map((network) => network.name);
  const volumes = world.volumes.map((volume) => volume.name);
  await removeAll('network', networks);
  signal.throwIfAborted();
  if (limits.volumes) await removeAll('volume', volumes);
  return {
    removed: [
      ...world.containers.map((container) => container.name),
      ...networks,
      ...(limits.volumes ? volumes : []),
    ],
    kept: limits.volumes ? [] : volumes,
  };
}
