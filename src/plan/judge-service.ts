/** Decides what one service needs, comparing its definition with its container. Order and rollback are not its business. */
import { PGMON_LABELS, SECRETS_DIR } from '../conventions.ts';
import type { ObservedContainer } from '../providers/provider.ts';
import { unitName } from '../stack/native-names.ts';
import type { ConfigReaction, RenderedStack, Service } from '../stack/rendered-stack.ts';
import { judgeUnit } from './judge-unit.ts';
import type { Desired, Observed } from './plan-input.ts';

export type Verdict =
  /** `old`: a container in the way that is to be replaced. */
  | { readonly kind: 'create'; readonly cause: string; readonly old: ObservedContainer | null }
  | {
      readonly kind: 'start' | 'restart' | 'reload' | 'wait';
      readonly cause: string;
      readonly container: ObservedContainer;
    }
  | { readonly kind: 'none'; readonly container: ObservedContainer };

export interface Judged {
  readonly service: Service;
  readonly verdict: Verdict;
}

/** A container that cannot be brought back is removed at once instead of being set aside. */
export function isBeyondSaving(container: ObservedContainer): boolean {
  return ['dead', 'removing', 'paused'].includes(container.status);
}

/** What a stack's runtime calls a service: a container's name as compose makes it, or a unit's. */
export function containerName(
  { name, runtime }: Pick<RenderedStack, 'name' | 'runtime'>,
  service: string,
): string {
  return runtime === 'native' ? unitName(name, service) : `${name}-${service}-1`;
}

/** What a change of this file asks of the service; null when it does not read it. The longest prefix decides. */
export function reactionTo(service: Service, path: string): ConfigReaction | null {
  const matching = service.configInputs.filter((input) => path.startsWith(input.prefix));
  const longest = matching.reduce<(typeof matching)[number] | null>(
    (best, input) => (best === null || input.prefix.length > best.prefix.length ? input : best),
    null,
  );
  return longest?.reaction ?? null;
}

/** The service's own directory of secret files, relative to the output directory, with a final `/`. */
export function secretsPrefix(service: Service): string | null {
  if (service.secretsDir === null) return null;
  const name = service.secretsDir.startsWith(`${SECRETS_DIR}/`)
    ? service.secretsDir
    : `${SECRETS_DIR}/${service.secretsDir}`;
  return name.endsWith('/') ? name : `${name}/`;
}

/**
 * A mounted directory that has to be written from nothing is another directory than the one that the container holds:
 * somebody removed that, and what is written now would never be seen inside.
 */
function lostMount({ rendered }: Desired, observed: Observed, service: Service): string | null {
  const created = new Set(
    [...observed.fileChanges, ...observed.secretChanges]
      .filter(({ action }) => action === 'create')
      .map(({ path }) => path),
  );
  const paths = [...rendered.files, ...rendered.secretFiles].map(({ path }) => path);
  const sources = service.mounts.flatMap((mount) =>
    mount.kind === 'bind' && mount.source.startsWith('./') ? [mount.source] : [],
  );
  const isLost = (source: string) => {
    const inside = paths.filter((path) => path.startsWith(`${source.slice(2)}/`));
    return inside.length > 0 && inside.every((path) => created.has(path));
  };
  return sources.find(isLost) ?? null;
}

function replaceCause(
  desired: Desired,
  observed: Observed,
  service: Service,
  old: ObservedContainer,
): string | null {
  if (old.serviceHash !== service.labels[PGMON_LABELS.serviceHash]) return 'its definition changed';
  const image = observed.world.images.get(service.image) ?? null;
  if (image !== null && image.id !== old.imageId) return `${service.image} is another image now`;
  const networks = new Set(observed.world.networks.map((network) => network.key));
  const lostNetwork = desired.rendered.networks.find((key) => !networks.has(key));
  if (lostNetwork !== undefined) return `its network ${lostNetwork} is gone`;
  const mount = lostMount(desired, observed, service);
  if (mount !== null) return `its directory ${mount} was removed`;
  if (old.status === 'paused') return 'it is paused';
  if (old.status === 'dead' || old.status === 'removing') return `it is ${old.status}`;
  return null;
}

function restartCause(observed: Observed, service: Service, container: ObservedContainer): string | null {
  const prefix = secretsPrefix(service);
  if (prefix === null) return null;
  if (observed.secretChanges.some((change) => change.path.startsWith(prefix))) return 'its secrets changed';
  const changedAt = observed.secretTimes.get(service.name);
  const isOlder = changedAt !== undefined && changedAt > (container.startedAtMs ?? 0);
  return isOlder ? 'its secrets are newer than its start' : null;
}

function reloadCause(observed: Observed, service: Service, container: ObservedContainer): string | null {
  const changed = observed.fileChanges.find((change) => reactionTo(service, change.path)?.kind === 'reload');
  if (changed !== undefined) return `${changed.path} changed`;
  const changedAt = observed.configTimes.get(service.name);
  if (changedAt === undefined || changedAt <= (container.startedAtMs ?? 0)) return null;
  const loadedAt = observed.loadedAt.get(service.name);
  return loadedAt === undefined || changedAt > loadedAt ? 'it runs with an older configuration' : null;
}

function isReachable({ readiness, ports }: Service): boolean {
  return readiness.kind === 'http' && ports.some((port) => port.containerPort === readiness.containerPort);
}

function judgeRunning(observed: Observed, service: Service, container: ObservedContainer): Verdict {
  const restart = restartCause(observed, service, container);
  if (restart !== null) return { kind: 'restart', cause: restart, container };
  const reload = reloadCause(observed, service, container);
  // A service that this machine cannot ask what it has loaded is started anew: its start then tells.
  if (reload !== null) return { kind: isReachable(service) ? 'reload' : 'restart', cause: reload, container };
  if (container.status === 'restarting') return { kind: 'wait', cause: 'it keeps restarting', container };
  if (container.health === 'unhealthy' || container.health === 'starting') {
    return { kind: 'wait', cause: `its healthcheck says ${container.health}`, container };
  }
  return { kind: 'none', container };
}

/** What this service needs so that the world is as desired. */
export function judgeService(desired: Desired, observed: Observed, service: Service): Verdict {
  const { rendered } = desired;
  const name = containerName(rendered, service.name);
  const container = observed.world.containers.find(
    (one) => one.name === name && one.service === service.name,
  );
  if (container === undefined) {
    const cause = rendered.runtime === 'native' ? 'its unit is not enabled' : 'there is no container';
    return { kind: 'create', cause, old: null };
  }
  if (rendered.runtime === 'native')
    return judgeUnit(observed, service, container) ?? judgeRunning(observed, service, container);
  const replace = replaceCause(desired, observed, service, container);
  if (replace !== null) return { kind: 'create', cause: replace, old: container };
  if (container.status === 'exited') {
    return { kind: 'start', cause: `it stopped (exit code ${container.exitCode ?? 'unknown'})`, container };
  }
  if (container.status === 'created') return { kind: 'start', cause: 'it was never started', container };
  return judgeRunning(observed, service, container);
}
