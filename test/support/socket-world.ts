/**
 * A PostgreSQL server that only its Unix socket leads to, and the programs of a native stack beside it. Containers stand for
 * units: one network for all, files where units see them, commands as they are rendered.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComponentName } from '../../src/catalog/components.ts';
import type { ServiceName } from '../../src/conventions.ts';
import type { RenderedStack } from '../../src/stack/rendered-stack.ts';
import { allFiles, serviceOf } from './rendering.ts';
import { requireImage, runTool, type ToolOutcome } from './tools.ts';

export const SOCKETS = '/var/run/postgresql';
/** The socket is named after it. */
export const SOCKET_PORT = 5433;
/** The monitoring role's name, and the system user's that peer authentication wants. */
export const PEER = { name: 'pgmon', id: 4711 } as const;

const START_MS = 60_000;
const PROGRAMS = {
  'postgres-exporter': { component: 'postgres-exporter', program: '/bin/postgres_exporter' },
  'postgres-exporter-slow': { component: 'postgres-exporter', program: '/bin/postgres_exporter' },
  'sql-exporter': { component: 'sql-exporter', program: 'node' },
  prometheus: { component: 'prometheus', program: '/bin/prometheus' },
} as const satisfies Partial<Record<ServiceName, { component: ComponentName; program: string }>>;

export interface SocketWorld {
  /** Body of an address as the stack's programs see it; waits for a program that only starts. */
  readonly ask: (url: string) => Promise<string>;
  /** psql over the socket, as the role PEER, by a system user with this id. */
  readonly logInAs: (userId: number) => Promise<ToolOutcome>;
  readonly remove: () => Promise<void>;
}

async function docker(...args: string[]): Promise<string> {
  const { code, output } = await runTool('docker', args);
  if (code !== 0) throw new Error(`docker ${args[0]} failed (${code}): ${output.trim()}`);
  return output.trim();
}

async function patiently(read: () => Promise<string>): Promise<string> {
  const endMs = Date.now() + START_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await sleep(200);
    }
  }
}

async function writeTree(dir: string, rendered: RenderedStack): Promise<void> {
  await chmod(dir, 0o755);
  for (const { path: file, content } of allFiles(rendered)) {
    if (file.startsWith('..')) continue;
    const place = path.join(dir, 'etc', file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  }
  await mkdir(path.join(dir, 'sockets'));
  // PostgreSQL's user in the container is nobody here.
  await chmod(path.join(dir, 'sockets'), 0o777);
}

async function prepareServer(container: string, databases: readonly string[]): Promise<void> {
  const shell = (script: string, user: string) =>
    docker('exec', '--user', user, container, 'sh', '-c', script);
  const psql = (sql: string, database = 'postgres') => {
    const login = ['-U', 'postgres', '-p', String(SOCKET_PORT), '-d', `dbname='${database}'`];
    return docker('exec', container, 'psql', '-XAtq', ...login, '-c', sql);
  };
  // The server that only initialises answers there too.
  await patiently(() => shell('test "$(cat /proc/1/comm)" = postgres', 'root'));
  await patiently(() => psql('SELECT 1'));
  await psql(`CREATE ROLE ${PEER.name} LOGIN`);
  await psql(`GRANT pg_monitor TO ${PEER.name}`);
  for (const database of databases) {
    if (database !== 'postgres') await psql(`CREATE DATABASE "${database}"`);
    await psql('CREATE EXTENSION pg_stat_statements', database);
  }
  await shell(`echo '${PEER.name}:x:${PEER.id}:${PEER.id}::/:' >> /etc/passwd`, 'root');
  const rules = 'local all postgres trust\\nlocal all all peer\\n';
  await shell(`printf '${rules}' > "$PGDATA/pg_hba.conf"`, 'postgres');
  await psql('SELECT pg_reload_conf()');
}

/** Starts everything. The names of containers begin with the stack's. */
export async function startSocketWorld(
  rendered: RenderedStack,
  databases: readonly string[],
): Promise<SocketWorld> {
  const { name } = rendered;
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-socket-'));
  const started: string[] = [];
  const sockets = ['--volume', `${dir}/sockets:${SOCKETS}`];
  const run = async (own: string, args: readonly string[]): Promise<string> => {
    const container = `${name}-${own}`;
    started.push(container);
    await docker('run', '--detach', '--name', container, ...sockets, ...args);
    return container;
  };
  const remove = async () => {
    if (started.length > 0) await runTool('docker', ['rm', '--force', '--volumes', ...started]);
    await rm(dir, { recursive: true, force: true });
  };
  const startUnit = async (service: keyof typeof PROGRAMS, network: string) => {
    const { component, program } = PROGRAMS[service];
    const { command, mounts } = serviceOf(rendered, service);
    const secrets = `${dir}/etc/secrets/${service}`;
    await mkdir(secrets, { recursive: true });
    await run(service, [
      ...['--network', `container:${network}`, '--user', `${PEER.id}:${PEER.id}`, '--entrypoint', program],
      ...['--volume', `${dir}/etc:/etc/pgmon/${name}:ro`],
      ...['--volume', `${secrets}:/run/credentials/pgmon-${name}-${service}.service:ro`],
      ...mounts.flatMap(({ target }) => ['--tmpfs', `${target}:mode=1777`]),
      await requireImage(component),
      ...command,
    ]);
  };
  try {
    await writeTree(dir, rendered);
    const image = await requireImage('postgres');
    const settings = {
      port: SOCKET_PORT,
      listen_addresses: '',
      shared_preload_libraries: 'pg_stat_statements',
    };
    const server = await run('postgres', [
      ...['--env', 'POSTGRES_HOST_AUTH_METHOD=trust', image, 'postgres'],
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ]);
    await prepareServer(server, databases);
    for (const service of Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])
      await startUnit(service, server);
    const inside = `${name}-postgres-exporter`;
    return {
      ask: (url) => patiently(() => docker('exec', inside, 'wget', '-q', '-O', '-', '-T', '20', url)),
      logInAs: (userId) => {
        const psql = ['psql', '-X', '-h', SOCKETS, '-p', String(SOCKET_PORT), '-U', PEER.name, 'postgres'];
        return runTool('docker', [
          'exec',
          '--user',
          `${userId}:${userId}`,
          server,
          ...psql,
          '-Atc',
          'SELECT 1',
        ]);
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
