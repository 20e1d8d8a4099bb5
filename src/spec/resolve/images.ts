/** Decides the image of each component: the spec's own, the lock's, or the catalogue's. */
import {
  COMPONENT_KEYS,
  COMPONENTS,
  type ComponentName,
  compareVersions,
  upstreamReference,
  versionFromReference,
} from '../../catalog/components.ts';
import type { Lock } from '../../stack/lock.ts';
import type { Image } from '../../stack/stack.ts';
import type { Spec } from '../schema/spec.ts';

/** Newest release lines whose changes the rendered files take into account. */
const NEWEST_KNOWN: Readonly<Record<ComponentName, string>> = {
  postgres: '18',
  'postgres-exporter': '0.20',
  'sql-exporter': '24',
  prometheus: '3.14',
  alertmanager: '0.34',
  'node-exporter': '1.11',
  grafana: '13.2',
};

function isLine(version: string, line: string): boolean {
  return version === line || version.startsWith(`${line}.`);
}

/** Without Docker there is no image: the component and its version in words. */
function resolveVersion(spec: Spec, name: ComponentName): Image {
  const asked = spec.versions[COMPONENT_KEYS[name]];
  const version = asked ?? COMPONENTS[name].version;
  return { reference: `${name} ${version}`, version, chosenBy: asked === undefined ? 'catalog' : 'spec' };
}

/** The image to run. A lock entry made by `images build` stands in for upstream's unless the spec asks for another version. */
export function resolveImage(spec: Spec, lock: Lock, name: ComponentName): Image {
  if (spec.runtime === 'native') return resolveVersion(spec, name);
  const key = COMPONENT_KEYS[name];
  const asked = spec.versions[key];
  const own = spec.images[key];
  if (own !== undefined) {
    const version = asked ?? versionFromReference(own) ?? COMPONENTS[name].version;
    return { reference: own, version, chosenBy: 'spec' };
  }
  const version = asked ?? COMPONENTS[name].version;
  const reference = upstreamReference(name, version);
  const locked = lock.images[name];
  const isStandIn = locked?.origin === 'build' && (asked === undefined || isLine(locked.version, asked));
  if (locked !== undefined && (isStandIn || locked.reference === reference)) {
    return { reference: locked.reference, version: locked.version, chosenBy: 'lock' };
  }
  return { reference, version, chosenBy: asked === undefined ? 'catalog' : 'spec' };
}

/** A warning when the version is newer than all that pgmon knows about; null otherwise. */
export function newerThanKnown(name: ComponentName, { version }: Image): string | null {
  const known = NEWEST_KNOWN[name];
  if (isLine(version, known) || compareVersions(version, known) <= 0) return null;
  return `${name} ${version} is newer than what this pgmon knows (${known}); metrics or settings may differ`;
}
