/** The stand-in images that pgmon can make from Debian's packages, each with the interface of upstream's image. */
import type { ComponentName } from '../catalog/components.ts';
import { accountEntries, BUSYBOX_ENTRIES, directory, file, NOBODY_ID, symlink } from './base-entries.ts';
import type { ImageConfig, OwnEntry, Recipe } from './recipe.ts';

/** Components with a recipe. Grafana has no distribution package. */
export type BuildableComponent = Exclude<ComponentName, 'grafana'>;
export const BUILDABLE_COMPONENTS: readonly BuildableComponent[] = [
  'postgres',
  'prometheus',
  'alertmanager',
  'postgres-exporter',
  'sql-exporter',
  'node-exporter',
];

const POSTGRES_MAJOR = '18';
const POSTGRES_ID = 999;
const POSTGRES_BIN = `usr/lib/postgresql/${POSTGRES_MAJOR}/bin`;
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Whatever an image keeps of usr/share. */
const NEVER_NEEDED = [
  /^usr\/share\/doc\/(?!.*\/copyright$)/,
  /^usr\/lib\/(systemd|[^/]+\/gconv|[^/]+\/audit|udev|sysusers\.d|tmpfiles\.d)(\/|$)/,
  /^etc\/(init\.d|default|logrotate\.d|cron\.[a-z]+|systemd|update-motd\.d|skel|ca-certificates)(\/|$)/,
  /^usr\/share\/ca-certificates(\/|$)/,
  /^usr\/lib\/postgresql\/\d+\/lib\/bitcode(\/|$)/,
  /^usr\/share\/postgresql\/\d+\/man(\/|$)/,
  /^usr\/share\/prometheus\/web\/static(\/|$)/,
  /^var\/(log|cache|backups)(\/|$)/,
];
const DROPPED_PATHS = [
  /^usr\/share\/(?!doc\/|prometheus\/|postgresql\/|zoneinfo\/|ca-certificates\/|tzdata)/,
  ...NEVER_NEEDED,
];

/** Installation-time tools that no program of the server needs. */
const POSTGRES_LEFT_OUT =
  /^(adduser|base-passwd|debconf|libaudit-common|libblkid1|libbsd0|libc-gconv-modules-extra|libc-l10n|libdb5\..*|libdebconfclient0|libgdbm.*|libmd0|libmount1|libncursesw6|libpam-modules.*|libperl.*|libproc2.*|libsemanage.*|libsepol.*|libsystemd-shared|locales|login\.defs|mawk|netbase|passwd|perl.*|.*-perl|postgresql-client-common|postgresql-common|procps|sensible-utils|ssl-cert|systemd|sysvinit-utils|ucf)$/;

const NODE_ID = 1000;
/** What `node` itself never loads: package managers, command-line OpenSSL, character sets, sources of the HTTP parser. */
const NODE_LEFT_OUT =
  /^(debconf|gcc-\d+-base|libc-gconv-modules-extra|node-(?!acorn|cjs-module-lexer|undici).*|openssl|openssl-provider-legacy)$/;
const NODE_DROPPED = [
  ...NEVER_NEEDED,
  /^usr\/share\/(?!doc\/|ca-certificates\/|nodejs\/(acorn|acorn-walk|cjs-module-lexer|undici)(\/|$))(?!nodejs$)/,
];

const NO_EXTRAS = {
  env: {},
  volumes: [],
  ports: [],
  stopSignal: null,
  command: [],
  workingDir: '/',
} as const;

interface GoProgram {
  readonly mainPackage: string;
  readonly packages?: readonly string[];
  readonly renamed?: Readonly<Record<string, string>>;
  readonly ownEntries?: readonly OwnEntry[];
  readonly config: Pick<ImageConfig, 'entrypoint'> & Partial<ImageConfig>;
}

function goRecipe(program: GoProgram): Recipe {
  const { mainPackage, packages = [], renamed = {}, ownEntries = [], config } = program;
  return {
    mainPackage,
    packages: [mainPackage, ...packages, 'libc6', 'busybox-static', 'ca-certificates', 'tzdata'],
    withDependencies: false,
    leftOut: null,
    droppedPaths: [...DROPPED_PATHS, /^var\/lib\/prometheus(\/|$)/, /^etc\/prometheus\//],
    renamed,
    edited: {},
    ownEntries: [...accountEntries(null), ...BUSYBOX_ENTRIES, ...ownEntries],
    config: { ...NO_EXTRAS, user: 'nobody', env: { PATH: SYSTEM_PATH }, ...config },
  };
}

const DEFAULT_PROMETHEUS_CONFIG = `scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ["localhost:9090"]
`;

const DEFAULT_ALERTMANAGER_CONFIG = `route:
  receiver: nobody
receivers:
  - name: nobody
`;

/** Every recipe; `postgresEntrypoint` is the text of the server image's start script. */
export function recipes(postgresEntrypoint: string): Readonly<Record<BuildableComponent, Recipe>> {
  return {
    postgres: {
      mainPackage: `postgresql-${POSTGRES_MAJOR}`,
      packages: [
        `postgresql-${POSTGRES_MAJOR}`,
        ...['bash', 'dash', 'coreutils', 'sed', 'grep', 'findutils', 'gzip', 'xz-utils', 'zstd', 'less'],
        ...['tzdata', 'ca-certificates', 'libc-bin'],
      ],
      withDependencies: true,
      leftOut: POSTGRES_LEFT_OUT,
      droppedPaths: DROPPED_PATHS,
      renamed: {},
      edited: {
        [`usr/share/postgresql/${POSTGRES_MAJOR}/postgresql.conf.sample`]: {
          find: /^#?listen_addresses = .*$/m,
          replacement: "listen_addresses = '*'",
        },
      },
      ownEntries: [
        ...accountEntries({ name: 'postgres', id: POSTGRES_ID, home: '/var/lib/postgresql' }),
        // Debian's psql pipes long results into `pager`.
        symlink('usr/bin/pager', 'less'),
        directory('docker-entrypoint-initdb.d'),
        directory('usr/local'),
        directory('usr/local/bin'),
        file('usr/local/bin/docker-entrypoint.sh', postgresEntrypoint, 0o755),
        directory('run/postgresql', { mode: 0o3777, uid: POSTGRES_ID }),
        directory('var/lib/postgresql', { mode: 0o1777, uid: POSTGRES_ID }),
      ],
      config: {
        ...NO_EXTRAS,
        entrypoint: ['docker-entrypoint.sh'],
        command: ['postgres'],
        user: '',
        env: {
          PATH: `${SYSTEM_PATH}:/${POSTGRES_BIN}`,
          LANG: 'C.UTF-8',
          PG_MAJOR: POSTGRES_MAJOR,
          PGDATA: `/var/lib/postgresql/${POSTGRES_MAJOR}/docker`,
        },
        volumes: ['/var/lib/postgresql'],
        ports: [5432],
        stopSignal: 'SIGINT',
      },
    },
    prometheus: goRecipe({
      mainPackage: 'prometheus',
      packages: ['promtool'],
      ownEntries: [
        directory('etc/prometheus', { uid: NOBODY_ID }),
        file('etc/prometheus/prometheus.yml', DEFAULT_PROMETHEUS_CONFIG),
        directory('prometheus', { uid: NOBODY_ID }),
      ],
      config: {
        entrypoint: ['/bin/prometheus'],
        command: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
        workingDir: '/prometheus',
        volumes: ['/prometheus'],
        ports: [9090],
      },
    }),
    alertmanager: goRecipe({
      mainPackage: 'prometheus-alertmanager',
      renamed: { 'usr/bin/prometheus-alertmanager': 'usr/bin/alertmanager' },
      ownEntries: [
        directory('etc/alertmanager', { uid: NOBODY_ID }),
        file('etc/alertmanager/alertmanager.yml', DEFAULT_ALERTMANAGER_CONFIG),
        directory('alertmanager', { uid: NOBODY_ID }),
      ],
      config: {
        entrypoint: ['/bin/alertmanager'],
        command: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/alertmanager'],
        workingDir: '/alertmanager',
        volumes: ['/alertmanager'],
        ports: [9093],
      },
    }),
    'postgres-exporter': goRecipe({
      mainPackage: 'prometheus-postgres-exporter',
      renamed: { 'usr/bin/prometheus-postgres-exporter': 'usr/bin/postgres_exporter' },
      config: { entrypoint: ['/bin/postgres_exporter'], ports: [9187] },
    }),
    'sql-exporter': {
      mainPackage: 'nodejs',
      packages: ['nodejs', 'busybox-static', 'ca-certificates'],
      withDependencies: true,
      leftOut: NODE_LEFT_OUT,
      droppedPaths: NODE_DROPPED,
      renamed: {},
      edited: {},
      ownEntries: [
        ...accountEntries({ name: 'node', id: NODE_ID, home: '/home/node' }),
        ...BUSYBOX_ENTRIES,
        directory('home/node', { uid: NODE_ID }),
      ],
      config: { ...NO_EXTRAS, entrypoint: [], command: ['node'], user: '', env: { PATH: SYSTEM_PATH } },
    },
    'node-exporter': goRecipe({
      mainPackage: 'prometheus-node-exporter',
      renamed: { 'usr/bin/prometheus-node-exporter': 'usr/bin/node_exporter' },
      config: { entrypoint: ['/bin/node_exporter'], ports: [9100] },
    }),
  };
}
