/** Where each component's program comes from without Docker: Debian's packages, upstream's release archives. Data only. */
import type { ComponentName } from './components.ts';

/** Components that the native runtime runs. */
export const NATIVE_COMPONENTS = [
  'postgres-exporter',
  'sql-exporter',
  'prometheus',
  'alertmanager',
  'node-exporter',
  'grafana',
] as const satisfies readonly ComponentName[];
export type NativeComponent = (typeof NATIVE_COMPONENTS)[number];

export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

export interface Package {
  readonly name: string;
  readonly repository: 'distribution' | 'grafana';
  /** Its program. */
  readonly path: string;
  /** The distribution's own service, which Debian's and Grafana's packages bring; null = none. */
  readonly unit: string | null;
}

export interface Release {
  readonly version: string;
  readonly architecture: Architecture;
}

/** Archives have one directory at the top, which unpacking drops. */
export interface Archive {
  readonly fileName: (release: Release) => string;
  /** Directory of the file at upstream's, without a final `/`. */
  readonly upstream: (release: Release) => string;
  /** File at upstream's with its checksum; both `<sha256>  <file name>` lines and a sha256 alone occur. */
  readonly checksums: (release: Release) => string;
  /** The program below the archive's top directory. */
  readonly executable: string;
}

export interface ProgramOrigin {
  readonly package: Package;
  readonly archive: Archive;
}

/** Beside the archives of a mirror or directory: all their checksums, as `sha256sum * > sha256sums.txt` writes them. */
export const CHECKSUMS_FILE = 'sha256sums.txt';

const GITHUB = 'https://github.com';

/** An archive as the Prometheus project publishes them. */
function onGithub(repository: string, executable: string): Archive {
  return {
    fileName: ({ version, architecture }) => `${executable}-${version}.linux-${architecture}.tar.gz`,
    upstream: ({ version }) => `${GITHUB}/${repository}/releases/download/v${version}`,
    checksums: () => CHECKSUMS_FILE,
    executable,
  };
}

const NODE_ARCHITECTURES: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };

const NODE: Archive = {
  fileName: ({ version, architecture }) =>
    `node-v${version}-linux-${NODE_ARCHITECTURES[architecture]}.tar.xz`,
  upstream: ({ version }) => `https://nodejs.org/dist/v${version}`,
  checksums: () => 'SHASUMS256.txt',
  executable: 'bin/node',
};

function grafanaFile({ version, architecture }: Release): string {
  return `grafana-${version}.linux-${architecture}.tar.gz`;
}

const GRAFANA: Archive = {
  fileName: grafanaFile,
  upstream: () => 'https://dl.grafana.com/oss/release',
  checksums: (release) => `${grafanaFile(release)}.sha256`,
  executable: 'bin/grafana',
};

export const PROGRAM_ORIGINS: Readonly<Record<NativeComponent, ProgramOrigin>> = {
  prometheus: {
    package: {
      name: 'prometheus',
      repository: 'distribution',
      path: '/usr/bin/prometheus',
      unit: 'prometheus.service',
    },
    archive: onGithub('prometheus/prometheus', 'prometheus'),
  },
  alertmanager: {
    package: {
      name: 'prometheus-alertmanager',
      repository: 'distribution',
      path: '/usr/bin/prometheus-alertmanager',
      unit: 'prometheus-alertmanager.service',
    },
    archive: onGithub('prometheus/alertmanager', 'alertmanager'),
  },
  'postgres-exporter': {
    package: {
      name: 'prometheus-postgres-exporter',
      repository: 'distribution',
      path: '/usr/bin/prometheus-postgres-exporter',
      unit: 'prometheus-postgres-exporter.service',
    },
    archive: onGithub('prometheus-community/postgres_exporter', 'postgres_exporter'),
  },
  'node-exporter': {
    package: {
      name: 'prometheus-node-exporter',
      repository: 'distribution',
      path: '/usr/bin/prometheus-node-exporter',
      unit: 'prometheus-node-exporter.service',
    },
    archive: onGithub('prometheus/node_exporter', 'node_exporter'),
  },
  'sql-exporter': {
    package: { name: 'nodejs', repository: 'distribution', path: '/usr/bin/node', unit: null },
    archive: NODE,
  },
  /** The package's `/usr/sbin/grafana-server` is a wrapper that reads the distribution's own settings. */
  grafana: {
    package: {
      name: 'grafana',
      repository: 'grafana',
      path: '/usr/share/grafana/bin/grafana',
      unit: 'grafana-server.service',
    },
    archive: GRAFANA,
  },
};

/**
 * What stands before the version in the answer to `--version`: the whole first words, so that another program of the same name
 * is not taken for ours. Written so that JavaScript and sed read it alike.
 */
export const VERSION_PREFIXES: Readonly<Partial<Record<ComponentName, string>>> = {
  prometheus: '^prometheus, version ',
  alertmanager: '^alertmanager, version ',
  'postgres-exporter': '^postgres_exporter, version ',
  'node-exporter': '^node_exporter, version ',
  'sql-exporter': '^v',
  grafana: '^grafana[a-z-]* version ',
} satisfies Record<NativeComponent, string>;

/** The service that comes with a component's package; null when it brings none. */
export function packagedUnit(component: ComponentName): string | null {
  const native = NATIVE_COMPONENTS.find((one) => one === component);
  return native === undefined ? null : PROGRAM_ORIGINS[native].package.unit;
}

/**
 * Fingerprints of the keys of Grafana's repositories, published at https://apt.grafana.com; the changes of January and
 * August 2023 are quoted in https://github.com/voxpupuli/puppet-grafana/pull/336. The file of keys still holds the retired ones.
 */
export const GRAFANA_KEYS = {
  current: 'B53AE77BADB630A683046005963FA27710458545',
  retired: ['0E22EB88E39E12277A7760AE9E439B102CF3C0C6', '4E40DDF6D76E284A4A6780E48C8C34C524098CB6'],
} as const;

/** The whole key with its renewed subkeys: https://github.com/grafana/grafana/pull/116093. */
export const GRAFANA_KEY_URL = 'https://apt.grafana.com/gpg-full.key';

/** Both processes of postgres_exporter run on one machine: the second one's port. */
export const DEFAULT_SLOW_EXPORTER_PORT = 9188;
