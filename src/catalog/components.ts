/** The programs a stack is made of, the versions that pgmon's own tests ran, and where their images come from. */

export const COMPONENT_NAMES = [
  'postgres',
  'postgres-exporter',
  'sql-exporter',
  'prometheus',
  'alertmanager',
  'node-exporter',
  'grafana',
] as const;
export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** Components as spec keys. */
export const COMPONENT_KEYS = {
  postgres: 'postgres',
  'postgres-exporter': 'postgresExporter',
  'sql-exporter': 'sqlExporter',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  'node-exporter': 'nodeExporter',
  grafana: 'grafana',
} as const satisfies Record<ComponentName, string>;
export type ComponentKey = (typeof COMPONENT_KEYS)[ComponentName];

export interface Component {
  /** Registry path of upstream's image, without a tag. */
  readonly repository: string;
  /** What stands before the version in upstream's tags. */
  readonly tagPrefix: '' | 'v';
  /** What stands after it. */
  readonly tagSuffix?: '-alpine';
  /** The version that pgmon's tests ran (Grafana: that pgmon was written against). */
  readonly version: string;
  /** Oldest version that the rendered configuration works with. */
  readonly minimumVersion: string;
}

export const COMPONENTS = {
  postgres: { repository: 'postgres', tagPrefix: '', version: '18.6', minimumVersion: '13.0' },
  'postgres-exporter': {
    repository: 'quay.io/prometheuscommunity/postgres-exporter',
    tagPrefix: 'v',
    version: '0.19.1',
    minimumVersion: '0.19.0',
  },
  /** Node.js, which runs pgmon's own SQL exporter; the version is Node's. */
  'sql-exporter': {
    repository: 'node',
    tagPrefix: '',
    tagSuffix: '-alpine',
    version: '24.21.0',
    minimumVersion: '20.19',
  },
  prometheus: { repository: 'prom/prometheus', tagPrefix: 'v', version: '3.5.3', minimumVersion: '3.0.0' },
  alertmanager: {
    repository: 'prom/alertmanager',
    tagPrefix: 'v',
    version: '0.33.1',
    minimumVersion: '0.31.0',
  },
  'node-exporter': {
    repository: 'quay.io/prometheus/node-exporter',
    tagPrefix: 'v',
    version: '1.11.1',
    minimumVersion: '1.8.0',
  },
  grafana: { repository: 'grafana/grafana', tagPrefix: '', version: '12.4.2', minimumVersion: '12.0.0' },
} as const satisfies Record<ComponentName, Component>;

/** Upstream's image reference for a version, e.g. `prom/prometheus:v3.5.3`. */
export function upstreamReference(name: ComponentName, version: string): string {
  const component: Component = COMPONENTS[name];
  const { repository, tagPrefix, tagSuffix = '' } = component;
  return `${repository}:${tagPrefix}${version}${tagSuffix}`;
}

/** The version in an image tag (`v3.5.3`, `3.5.3-debian`, `18`), or null when the tag does not start with one. */
export function versionFromReference(reference: string): string | null {
  const withoutDigest = reference.split('@')[0] ?? '';
  const tag = withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1).split(':')[1] ?? '';
  return /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1] ?? null;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
