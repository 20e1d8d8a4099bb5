/** A test machine with two PostgreSQL clusters and the spec of a native stack: one server over the socket without a password, one over TCP. */

import { ALERTMANAGER_TEMPLATES, releaseArchives } from './release-archives.ts';
import type { SystemdRelease } from './systemd-image.ts';
import { ARCHIVES_DIR } from './systemd-places.ts';
import { type Ran, type SystemdWorld, startSystemdWorld } from './systemd-world.ts';

export const STACK = 'shop';
export const SPEC_FILE = '/root/monitoring/pgmon.yaml';
export const TCP_PASSWORD = 'right-horse-of-the-native-test';
/** Services of the stack, as `systemctl` names them between prefix and suffix. */
export const SERVICES = [
  'alertmanager',
  'node-exporter',
  'postgres-exporter',
  'postgres-exporter-slow',
  'prometheus',
  'sql-exporter',
] as const;

export const unitOf = (service: string): string => `pgmon-${STACK}-${service}.service`;

export interface UnitNow {
  readonly activeState: string;
  readonly mainPid: number;
  readonly restarts: number;
}

export interface NativeWorld extends SystemdWorld {
  /** Writes the spec; `lines` replace the sections of the same first word in the usual one, or are added. */
  readonly writeSpec: (lines?: readonly string[]) => Promise<void>;
  /** Runs a command line on the spec. */
  readonly run: (...words: readonly string[]) => Promise<Ran>;
  /** Runs `up --yes`; rejects with what it said when it fails. */
  readonly up: (...words: readonly string[]) => Promise<Ran>;
  /** By service. */
  readonly units: () => Promise<Readonly<Record<string, UnitNow>>>;
}

const ARCHIVES = `native: {binaries: archives, archives: ${ARCHIVES_DIR}}`;
const USUAL = [
  'apiVersion: pgmon/v1',
  `name: ${STACK}`,
  'runtime: native',
  ARCHIVES,
  'scrape: {interval: 2s, timeout: 2s, slowInterval: 4s, evaluationInterval: 2s}',
  'grafana: {enabled: false}',
] as const;

const SERVERS = `servers:
  - {name: local, host: /var/run/postgresql, admin: {user: postgres}}
  - {name: over-tcp, host: localhost, port: 5433, tls: {mode: disable}, password: {file: tcp-password}}
`;

const sectionOf = (line: string): string => line.slice(0, line.indexOf(':'));

export function specText(lines: readonly string[] = []): string {
  const given = new Set(lines.map(sectionOf));
  const kept = USUAL.filter((line) => !given.has(sectionOf(line)));
  return `${[...kept, ...lines].join('\n')}\n${SERVERS}`;
}

async function readUnits(world: SystemdWorld): Promise<Readonly<Record<string, UnitNow>>> {
  const properties = '--property=Id,ActiveState,MainPID,NRestarts';
  const shown = await world.shell(`systemctl show ${properties} ${SERVICES.map(unitOf).join(' ')}`);
  const units = shown.split('\n\n').flatMap((block): (readonly [string, UnitNow])[] => {
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
    const service = new RegExp(`^pgmon-${STACK}-(.+)\\.service$`).exec(value('Id'))?.[1];
    if (service === undefined) return [];
    const restarts = Number(value('NRestarts'));
    return [[service, { activeState: value('ActiveState'), mainPid: Number(value('MainPID')), restarts }]];
  });
  return Object.fromEntries(units.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The second cluster, and the monitoring role in both: by `pgmon role apply` over the socket, by its SQL over TCP. */
async function prepareServers(world: NativeWorld): Promise<void> {
  await world.shell(`
    version=$(ls /etc/postgresql)
    pg_createcluster --port 5433 "$version" second -- --no-sync >/dev/null
    for cluster in main second; do
      echo "shared_preload_libraries = 'pg_stat_statements'" >>/etc/postgresql/$version/$cluster/postgresql.conf
    done
    systemctl restart postgresql
    for port in 5432 5433; do timeout 60 sh -c "until pg_isready -q -p $port; do sleep 0.1; done"; done`);
  const applied = await world.run('role', 'apply', '--server', 'local', '--yes');
  if (applied.exitCode !== 0) throw new Error(`role apply failed: ${applied.stdout}${applied.stderr}`);
  await world.shell(`
    cd /tmp
    pgmon role print -f ${SPEC_FILE} --server over-tcp >/tmp/role.sql
    runuser -u postgres -- psql -qX -p 5433 -v ON_ERROR_STOP=1 -f /tmp/role.sql
    echo "ALTER ROLE pgmon PASSWORD '${TCP_PASSWORD}'" | runuser -u postgres -- psql -qX -p 5433`);
}

function withSpec(world: SystemdWorld): NativeWorld {
  const run = (...words: readonly string[]) => world.pgmon([...words, '-f', SPEC_FILE]);
  return {
    ...world,
    run,
    writeSpec: (lines) => world.writeFile(SPEC_FILE, specText(lines)),
    up: async (...words) => {
      const ran = await run('up', '--yes', ...words);
      if (ran.exitCode !== 0) throw new Error(`up ended with ${ran.exitCode}:\n${ran.stdout}${ran.stderr}`);
      return ran;
    },
    units: () => readUnits(world),
  };
}

/** Before any `up`; programs come from a directory of release archives. Nothing is left when it rejects. */
export async function startNativeWorld(
  slug: string,
  release: SystemdRelease = 'bookworm',
): Promise<NativeWorld> {
  const { archives, alertmanagerTemplates } = await releaseArchives();
  const booted = await startSystemdWorld({ release, slug, mounts: { [archives]: ARCHIVES_DIR } });
  const world = withSpec(booted);
  try {
    if (release === 'bookworm') await world.copyIn(alertmanagerTemplates, ALERTMANAGER_TEMPLATES);
    await world.writeSpec();
    await world.writeFile(`${SPEC_FILE.replace('pgmon.yaml', 'tcp-password')}`, `${TCP_PASSWORD}\n`, '600');
    await prepareServers(world);
    return world;
  } catch (error) {
    await world.remove();
    throw error;
  }
}
