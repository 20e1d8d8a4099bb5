/** Plans what happens to containers of our stack that no service of the spec claims: orphans, and remains of a killed run. */
import type { ObservedContainer } from '../providers/provider.ts';
import { containerName } from './judge-service.ts';
import type { Operation } from './operations.ts';
import type { Desired, Observed } from './plan-input.ts';

export interface Leftovers {
  readonly stops: readonly Operation[];
  /** Removals that make room before anything else is made. */
  readonly early: readonly Operation[];
  /** Removals that wait until everything else is done, so that a failure can start these containers again. */
  readonly late: readonly Operation[];
}

function stopOf(container: ObservedContainer, cause: string, needs: readonly string[]): Operation {
  const { name } = container;
  return { id: `stop leftover ${name}`, kind: 'stop', resource: container.service, cause, needs, container };
}

function removeOf(
  container: ObservedContainer,
  cause: string,
  { needs, isFinal }: { readonly needs: readonly string[]; readonly isFinal: boolean },
): Operation {
  const id = `remove leftover ${container.name}`;
  return { id, kind: 'remove', resource: container.service, cause, needs, container, isFinal };
}

/** `base`: ids of the operations that come before any container is touched. */
export function planLeftovers(desired: Desired, observed: Observed, base: readonly string[]): Leftovers {
  const { services } = desired.rendered;
  const { containers } = observed.world;
  const isWanted = (service: string) => services.some((one) => one.name === service);
  const isCurrent = (one: ObservedContainer) => one.name === containerName(desired.rendered, one.service);
  const unclaimed = containers.filter((one) => !isWanted(one.service) || !isCurrent(one));
  const isDuplicate = (one: ObservedContainer) =>
    isWanted(one.service) && containers.some((other) => other.service === one.service && isCurrent(other));
  const causeOf = (one: ObservedContainer) =>
    isWanted(one.service) ? 'it remains from an interrupted run' : 'the spec does not have it';
  const isUp = (one: ObservedContainer) => one.status === 'running' || one.status === 'restarting';
  const removeUnclaimed = (isFinal: boolean) => (one: ObservedContainer) => {
    const needs = [...base, ...(isUp(one) ? [`stop leftover ${one.name}`] : [])];
    return removeOf(one, causeOf(one), { needs, isFinal });
  };
  return {
    stops: unclaimed.filter(isUp).map((one) => stopOf(one, causeOf(one), base)),
    early: unclaimed.filter(isDuplicate).map(removeUnclaimed(false)),
    late: unclaimed.filter((one) => !isDuplicate(one)).map(removeUnclaimed(true)),
  };
}
