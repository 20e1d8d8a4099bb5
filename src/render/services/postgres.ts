/** The bundled PostgreSQL server: data in a volume, roles made once by its init script, passwords from files only. */
import { postgresDataMount } from '../../catalog/versions.ts';
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { BundledPostgres, Server, Stack } from '../../stack/stack.ts';
import { secretPath } from '../secret-files.ts';
import {
  configMount,
  defineService,
  publishedPorts,
  secretsMount,
  slowHealthcheck,
  TMP,
  volumeMount,
} from './base-service.ts';

const PORT = CONTAINER_PORTS.postgres;
/** Volume key. */
export const POSTGRES_DATA = 'postgres-data';
/** The bundled server's superuser. */
export const SUPERUSER = 'postgres';
/** The socket's directory; its lock file must be writable for whatever id the image gives the user. */
const SOCKET_TMPFS = '/var/run/postgresql:size=1m,mode=3777';
const SHARED_MEMORY_BYTES = 128 * 1024 * 1024;

/** The bundled server's entry in the spec. */
export function bundledServer(stack: Stack): Server | null {
  return stack.servers.find((server) => server.isBundled) ?? null;
}

function initdbArguments(postgres: BundledPostgres): string {
  return [
    '--auth-host=scram-sha-256',
    '--data-checksums',
    ...(postgres.isDisposable ? ['--no-sync'] : []),
  ].join(' ');
}

/**
 * The same probe, asked again inside the container for up to a second: starting a program in a container costs more
 * processor time than the whole probe, and would slow the very start that is waited for.
 */
function patient(probe: readonly string[]): readonly string[] {
  const loop =
    'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "$@" && exit 0; sleep 0.05; done; exit 1';
  return ['sh', '-c', loop, 'probe', ...probe];
}

export function postgresService(stack: Stack, postgres: BundledPostgres): Service {
  // During initdb only the socket answers, so that a probe over TCP is not fooled.
  const probe = ['pg_isready', '-q', '-h', '127.0.0.1', '-p', String(PORT), '-U', SUPERUSER, '-d', SUPERUSER];
  return defineService(stack, postgres, {
    name: 'postgres',
    user: 'postgres',
    command: [
      'postgres',
      '-c',
      'shared_preload_libraries=pg_stat_statements',
      '-c',
      'track_io_timing=on',
      '-c',
      'password_encryption=scram-sha-256',
    ],
    environment: {
      POSTGRES_DB: postgres.database,
      POSTGRES_INITDB_ARGS: initdbArguments(postgres),
      POSTGRES_PASSWORD_FILE: secretPath(stack, 'postgres', postgres.superuserPassword),
      POSTGRES_USER: SUPERUSER,
    },
    ports: publishedPorts(postgres, PORT),
    mounts: [
      configMount('postgres/initdb', '/docker-entrypoint-initdb.d'),
      secretsMount('postgres'),
      volumeMount(POSTGRES_DATA, postgresDataMount(postgres.image.version)),
    ],
    tmpfs: [TMP, SOCKET_TMPFS],
    shmBytes: SHARED_MEMORY_BYTES,
    // Fast shutdown; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    stopGraceSeconds: 60,
    healthcheck: slowHealthcheck(stack, probe, 60),
    readiness: { kind: 'exec', command: patient(probe) },
    configInputs: [{ prefix: 'postgres/initdb/', reaction: { kind: 'none' } }],
    secretsDir: 'postgres',
    startWeight: 100,
  });
}
