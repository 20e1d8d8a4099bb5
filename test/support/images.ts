/** The images that tests run: named by the environment, upstream's pinned ones, or stand-ins built from packages. */
import {
  COMPONENT_NAMES,
  COMPONENTS,
  type ComponentName,
  upstreamReference,
  versionFromReference,
} from '../../src/catalog/components.ts';
import { EnvironmentError } from '../../src/errors.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { IMAGE_REPOSITORY } from '../../src/images/build-images.ts';
import { BUILDABLE_COMPONENTS } from '../../src/images/recipes.ts';
import { createImageStore } from '../../src/providers/docker/image-store.ts';
import type { ImageStore } from '../../src/providers/image-store.ts';
import type { Lock, LockedImage } from '../../src/stack/lock.ts';

export const SETUP_COMMAND = 'node scripts/setup.mjs';
const NEVER = new AbortController().signal;

/** `node-exporter` -> `PGMON_TEST_IMAGE_NODE_EXPORTER`. */
export function imageVariable(component: ComponentName): string {
  return `PGMON_TEST_IMAGE_${component.toUpperCase().replaceAll('-', '_')}`;
}

/** The image store of the daemon that tests use. */
export async function openTestStore(): Promise<ImageStore> {
  return createImageStore(createNodeHost({ signal: NEVER }));
}

async function findImage(store: ImageStore, component: ComponentName): Promise<string | null> {
  const named = process.env[imageVariable(component)];
  if (named !== undefined && named !== '') return named;
  const upstream = upstreamReference(component, COMPONENTS[component].version);
  if ((await store.find(upstream, NEVER)) !== null) return upstream;
  const [standIn] = await store.references(`${IMAGE_REPOSITORY}/${component}`, NEVER);
  return standIn ?? null;
}

/** Reference of the image to test a component with; null when there is none, or no daemon. */
export async function imageFor(component: ComponentName): Promise<string | null> {
  try {
    return await findImage(await openTestStore(), component);
  } catch (error) {
    if (error instanceof EnvironmentError) return null;
    throw error;
  }
}

/** Throws with the command to run unless every component but Grafana has an image. */
export async function ensureTestImages(): Promise<void> {
  const found = await Promise.all(
    BUILDABLE_COMPONENTS.map(async (name) => [name, await imageFor(name)] as const),
  );
  const absent = found.filter(([, reference]) => reference === null).map(([name]) => name);
  if (absent.length > 0) throw new Error(`no image for ${absent.join(', ')}: run ${SETUP_COMMAND}`);
}

function lockedImage(component: ComponentName, reference: string): LockedImage {
  const { version } = COMPONENTS[component];
  const isUpstream = reference === upstreamReference(component, version);
  return {
    reference,
    version: versionFromReference(reference) ?? version,
    origin: isUpstream ? 'registry' : 'build',
    digest: null,
    ids: {},
  };
}

/** A lock that makes `resolveStack` use the images of this machine; components without one are left to the catalogue. */
export async function testLock(): Promise<Lock> {
  const found = await Promise.all(COMPONENT_NAMES.map(async (name) => [name, await imageFor(name)] as const));
  const entries = found.flatMap(([name, reference]) =>
    reference === null ? [] : [[name, lockedImage(name, reference)] as const],
  );
  return { images: Object.fromEntries(entries) };
}
