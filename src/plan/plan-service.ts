/** Turns the verdict on one service into operations and says what each has to wait for. */
import type { ObservedContainer } from '../providers/provider.ts';
import type { Service } from '../stack/rendered-stack.ts';
import { containerName, isBeyondSaving, type Judged } from './judge-service.ts';
import type { Operation } from './operations.ts';
import type { Desired } from './plan-input.ts';

export interface ServiceSurroundings {
  readonly desired: Desired;
  readonly judged: readonly Judged[];
  /** Ids of pulls, writes, networks and volumes. */
  readonly base: readonly string[];
  /** Stops of containers that no service of the spec claims. */
  readonly stops: readonly Operation[];
}

/** From this weight on a service is a slow starter: the others let it begin first. */
const SLOW_STARTER_WEIGHT = 80;

function portsOverlap(service: Service, container: ObservedContainer): boolean {
  return service.ports.some((wanted) => container.ports.some((held) => held.hostPort === wanted.hostPort));
}

/** Stops that must be over before this service may bind its ports. */
function portStops({ judged, stops }: ServiceSurroundings, service: Service): readonly string[] {
  const replaced = judged.flatMap(({ service: other, verdict }) =>
    verdict.kind === 'create' && verdict.old !== null && portsOverlap(service, verdict.old)
      ? [`stop ${other.name}`]
      : [],
  );
  return [...replaced, ...stops.map(({ id }) => id)];
}

function dependencies(service: Service): readonly string[] {
  return service.dependsOn.map((one) =>
    one.condition === 'service_healthy' ? `wait ${one.service}` : `start ${one.service}`,
  );
}

function slowStarts({ judged }: ServiceSurroundings, service: Service): readonly string[] {
  if (service.startWeight >= SLOW_STARTER_WEIGHT) return [];
  return judged
    .filter(({ service: other }) => other.startWeight >= SLOW_STARTER_WEIGHT)
    .filter(({ service: other }) => !other.dependsOn.some((one) => one.service === service.name))
    .map(({ service: other }) => `start ${other.name}`);
}

function clearTheName(
  around: ServiceSurroundings,
  service: Service,
  old: ObservedContainer,
  cause: string,
): readonly Operation[] {
  const { base, desired } = around;
  const shared = { resource: service.name, cause, container: old };
  if (isBeyondSaving(old))
    return [{ ...shared, id: `clear ${service.name}`, kind: 'remove', needs: base, isFinal: false }];
  const name = `${containerName(desired.rendered, service.name)}-old`;
  return [
    {
      ...shared,
      id: `set aside ${service.name}`,
      kind: 'set-aside',
      needs: [...base, `remove leftover ${name}`],
      name,
    },
    { ...shared, id: `stop ${service.name}`, kind: 'stop', needs: base },
  ];
}

function waitFor(
  service: Service,
  cause: string,
  needs: readonly string[],
  container: ObservedContainer | null,
): Operation {
  return {
    id: `wait ${service.name}`,
    kind: 'wait',
    resource: service.name,
    cause,
    needs,
    service,
    container,
  };
}

/** Operations of one service, each with its needs; needs that are not in the plan may be named and are dropped later. */
export function planService(around: ServiceSurroundings, { service, verdict }: Judged): readonly Operation[] {
  const { base } = around;
  const { name } = service;
  if (verdict.kind === 'none') return [];
  const { cause, kind } = verdict;
  const startNeeds = [
    ...portStops(around, service),
    ...dependencies(service),
    ...slowStarts(around, service),
  ];
  if (kind === 'create') {
    const before = verdict.old === null ? [] : clearTheName(around, service, verdict.old, cause);
    const shared = { resource: name, cause, service };
    return [
      ...before,
      { ...shared, id: `create ${name}`, kind, needs: [...base, `clear ${name}`, `set aside ${name}`] },
      {
        ...shared,
        id: `start ${name}`,
        kind: 'start',
        needs: [`create ${name}`, `stop ${name}`, ...startNeeds],
        container: null,
      },
      waitFor(service, 'it must serve', [`start ${name}`], null),
    ];
  }
  const { container } = verdict;
  if (kind === 'wait') return [waitFor(service, cause, base, container)];
  const needs = kind === 'start' ? [...base, ...startNeeds] : base;
  return [
    { id: `${kind} ${name}`, kind, resource: name, cause, needs, service, container },
    waitFor(service, 'it must serve', [`${kind} ${name}`], container),
  ];
}
