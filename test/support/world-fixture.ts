/** An observed world in which everything is as a rendered stack wants it, to be changed one thing at a time. */
import { PGMON_LABELS } from '../../src/conventions.ts';
import type { Desired, Observed } from '../../src/plan/plan-input.ts';
import type { ObservedContainer, ObservedWorld } from '../../src/providers/provider.ts';
import { renderStack } from '../../src/render/render-stack.ts';
import type { RenderedStack, Service } from '../../src/stack/rendered-stack.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { createStack, readTemplatesForTest } from './stack-fixture.ts';

/** When every container of the fixture was started. */
export const STARTED_AT_MS = 1_700_000_000_000;

export function renderForTest(stack: Stack = createStack()): RenderedStack {
  return renderStack(stack, { version: '0.0.0', templates: readTemplatesForTest() });
}

export function imageIdOf(reference: string): string {
  return `sha256:${reference}`;
}

/** A running, healthy container of this service; `overrides` win. */
export function createContainer(
  stackName: string,
  service: Service,
  overrides: Partial<ObservedContainer> = {},
): ObservedContainer {
  return {
    id: `id-${service.name}`,
    name: `${stackName}-${service.name}-1`,
    service: service.name,
    status: 'running',
    health: 'healthy',
    exitCode: null,
    startedAtMs: STARTED_AT_MS,
    imageId: imageIdOf(service.image),
    imageReference: service.image,
    serviceHash: service.labels[PGMON_LABELS.serviceHash] ?? null,
    ports: service.ports,
    ...overrides,
  };
}

/** Nothing but the images. */
export function createEmptyWorld(rendered: RenderedStack): ObservedWorld {
  const images = new Map(
    rendered.services.map(({ image }) => [image, { id: imageIdOf(image), digests: [] }]),
  );
  return { containers: [], networks: [], volumes: [], images, foreign: [], users: [], obstacles: [] };
}

export function createFullWorld(rendered: RenderedStack): ObservedWorld {
  const { name, services, networks, volumes } = rendered;
  const resource = (key: string) => ({ key, name: `${name}_${key}` });
  return {
    ...createEmptyWorld(rendered),
    containers: services.map((service) => createContainer(name, service)),
    networks: networks.map(resource),
    volumes: volumes.map(resource),
  };
}

export function createDesired(rendered: RenderedStack, overrides: Partial<Desired> = {}): Desired {
  return { rendered, bundled: null, pull: 'missing', pinnedImages: [], ...overrides };
}

/** `world` with nothing else to remark. */
export function createObserved(world: ObservedWorld, overrides: Partial<Observed> = {}): Observed {
  const none: ReadonlyMap<string, number> = new Map();
  return {
    world,
    fileChanges: [],
    secretChanges: [],
    configTimes: none,
    secretTimes: none,
    loadedAt: none,
    portsTaken: [],
    ...overrides,
  };
}
