/** Image, port and limits of each service. */
import type { ComponentName } from '../../catalog/components.ts';
import type { Lock } from '../../stack/lock.ts';
import type { Published, ServiceSettings } from '../../stack/stack.ts';
import type { Spec } from '../schema/spec.ts';
import { sizeBytes } from '../units.ts';
import { resolveImage } from './images.ts';

const MIB = 1024 ** 2;

/** What a service gets when the spec says nothing; the schema's descriptions repeat the memory figures. */
const DEFAULT_LIMITS: Readonly<
  Record<ComponentName, { readonly memoryBytes: number; readonly pids: number }>
> = {
  postgres: { memoryBytes: 1024 * MIB, pids: 512 },
  'postgres-exporter': { memoryBytes: 256 * MIB, pids: 128 },
  'sql-exporter': { memoryBytes: 192 * MIB, pids: 64 },
  prometheus: { memoryBytes: 1024 * MIB, pids: 512 },
  alertmanager: { memoryBytes: 128 * MIB, pids: 128 },
  'node-exporter': { memoryBytes: 128 * MIB, pids: 128 },
  grafana: { memoryBytes: 512 * MIB, pids: 256 },
};

/**
 * Prometheus with every rule of pgmon's takes about 4.2 MiB for each server (measured with 1,000 of them, `npm run bench --
 * --rules`); a limit below that means that it is killed again and again.
 */
const PROMETHEUS_PER_SERVER = 5 * MIB;
const PROMETHEUS_STEP = 256 * MIB;

function defaultMemory(name: ComponentName, servers: number): number {
  const { memoryBytes } = DEFAULT_LIMITS[name];
  if (name !== 'prometheus') return memoryBytes;
  const wanted = PROMETHEUS_STEP + servers * PROMETHEUS_PER_SERVER;
  return Math.max(memoryBytes, Math.ceil(wanted / PROMETHEUS_STEP) * PROMETHEUS_STEP);
}

export interface SectionSettings {
  readonly memory?: string | undefined;
  readonly pids?: number | undefined;
}

export interface PublishSettings {
  readonly publish: boolean;
  readonly bind: string;
  readonly port: number;
}

export const LOOPBACK = '127.0.0.1';

/** Where `publish: false` hides a service: on the stack's network, or on loopback when there is no such network. */
export function publishedOf(
  { runtime }: Pick<Spec, 'runtime'>,
  { publish, bind, port }: PublishSettings,
): Published | null {
  if (publish) return { address: bind, port };
  return runtime === 'native' ? { address: LOOPBACK, port } : null;
}

/** Image and limits of one component; the section's own limits win over `limits`. */
export function resolveSettings(
  { spec, lock }: { readonly spec: Spec; readonly lock: Lock },
  name: ComponentName,
  section: SectionSettings & { readonly published: Published | null },
): ServiceSettings {
  const defaults = DEFAULT_LIMITS[name];
  const given = section.memory ?? spec.limits.memory;
  const memoryBytes = given === undefined ? null : sizeBytes(given);
  return {
    image: resolveImage(spec, lock, name),
    published: section.published,
    memoryBytes: memoryBytes ?? defaultMemory(name, spec.servers.length),
    pidsLimit: section.pids ?? spec.limits.pids ?? defaults.pids,
  };
}
