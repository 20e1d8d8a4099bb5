/** The exporter service: one process for all servers, asked through /probe; credentials only in its mounted file. */
import { collectorFlags, resolveCollectors } from '../../catalog/collectors.ts';
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { Stack } from '../../stack/stack.ts';
import { CLIENT_KEYS, secretPath } from '../secret-files.ts';
import {
  defineService,
  hostGateway,
  plainHttpReadiness,
  publishedPorts,
  secretsMount,
  slowHealthcheck,
  TMP,
  wgetCommand,
} from './base-service.ts';

const PORT = CONTAINER_PORTS['postgres-exporter'];
/** Name of the file with the auth modules, below the service's secrets. */
export const EXPORTER_CONFIG = 'postgres_exporter.yml';

const TABLE_COLLECTORS = { stat_user_tables: false, statio_user_tables: false } as const;

/** The spec's choices; where table metrics are dropped anyway, the server is not asked for them either. */
function collectorChoices({ postgresExporter }: Stack): Readonly<Record<string, boolean>> {
  const { collectors, dropTableMetrics } = postgresExporter;
  return dropTableMetrics ? { ...TABLE_COLLECTORS, ...collectors } : collectors;
}

/** Keeps the exporter's own statements out of the top queries. */
function statementFlags(stack: Stack): readonly string[] {
  const { image } = stack.postgresExporter;
  if (resolveCollectors(image.version, collectorChoices(stack)).stat_statements !== true) return [];
  const users = [...new Set(stack.servers.map((server) => server.user))]
    .filter((user) => !user.includes(','))
    .sort();
  return users.length === 0 ? [] : [`--collector.stat_statements.exclude_users=${users.join(',')}`];
}

/**
 * lib/pq refuses a client key that others may read, as a mounted file must be (the container's user is not the owner):
 * the service starts by taking copies of its own.
 */
const WITH_CLIENT_KEYS = {
  entrypoint: [
    '/bin/sh',
    '-c',
    `umask 077 && cp ${CLIENT_KEYS} /tmp/ && exec /bin/postgres_exporter "$@"`,
    'postgres_exporter',
  ],
  tmpfs: [TMP],
} as const;

export function postgresExporterService(stack: Stack): Service {
  const { postgresExporter } = stack;
  return defineService(postgresExporter, {
    name: 'postgres-exporter',
    ...(stack.servers.some(({ tls }) => tls.key !== null) ? WITH_CLIENT_KEYS : {}),
    command: [
      `--config.file=${secretPath(EXPORTER_CONFIG)}`,
      ...collectorFlags(postgresExporter.image.version, collectorChoices(stack)),
      ...statementFlags(stack),
      `--collection-timeout=${Math.max(1, stack.scrape.timeoutSeconds - 1)}s`,
    ],
    ports: publishedPorts(postgresExporter, PORT),
    mounts: [secretsMount('postgres-exporter')],
    extraHosts: hostGateway(stack.servers.map((server) => server.scrapeHost)),
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/'), 20),
    readiness: plainHttpReadiness(PORT, '/'),
    secretsDir: 'postgres-exporter',
    startWeight: 20,
  });
}
