/**
 * The exporter's two processes, one for the fast collectors and one for the slow ones: the exporter knows only one set of
 * collectors at a time. Each asks all servers through /probe; credentials stand only in its mounted file.
 */
import { collectorFlags, resolveCollectors, type Tier, tierOf } from '../../catalog/collectors.ts';
import { CONTAINER_PORTS, type ServiceName } from '../../conventions.ts';
import { collectorChoices } from '../../stack/collector-choices.ts';
import { statementSeconds, tierTimes } from '../../stack/job-times.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { Stack } from '../../stack/stack.ts';
import { layoutOf } from '../layout.ts';
import { clientKeyPattern, secretPath } from '../secret-files.ts';
import {
  defineService,
  hostGateway,
  listenFlag,
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

/** The service that runs the collectors of a tier. */
export const EXPORTER_OF = {
  fast: 'postgres-exporter',
  slow: 'postgres-exporter-slow',
} as const satisfies Record<Tier, ServiceName>;

/** The statements with the most time, so that the number of series is bounded. */
const STATEMENTS = 100;

/** Bounds the top queries, without their text, and keeps the exporters' own statements out of them. */
function statementFlags(stack: Stack, tier: Tier): readonly string[] {
  const { image } = stack.postgresExporter;
  const collectors = resolveCollectors(image.version, collectorChoices(stack));
  if (tier !== tierOf('stat_statements') || collectors.stat_statements !== true) return [];
  const users = [...new Set(stack.servers.map((server) => server.user))]
    .filter((user) => !user.includes(','))
    .sort();
  return [
    ...(users.length === 0 ? [] : [`--collector.stat_statements.exclude_users=${users.join(',')}`]),
    `--collector.stat_statements.limit=${STATEMENTS}`,
  ];
}

/**
 * lib/pq refuses a client key that others may read, as a mounted file must be (the container's user is not the owner):
 * the service starts by taking copies of its own.
 */
function withClientKeys(stack: Stack, name: ServiceName): Pick<Service, 'entrypoint' | 'tmpfs'> {
  const keys = clientKeyPattern(stack, name);
  const directory = layoutOf(stack).clientKeys(name);
  const script = `umask 077 && cp ${keys} ${directory}/ && exec /bin/postgres_exporter "$@"`;
  return { entrypoint: ['/bin/sh', '-c', script, 'postgres_exporter'], tmpfs: [TMP] };
}

/** A container publishes only the fast process, for people and for `pgmon check`: the slow one is asked inside. */
function reachable(stack: Stack, tier: Tier): Pick<Service, 'ports' | 'readiness'> {
  const isPublished = tier === 'fast' || stack.native !== null;
  if (!isPublished) return { ports: [], readiness: { kind: 'exec', command: wgetCommand(PORT, '/') } };
  return {
    ports: publishedPorts(stack.postgresExporter, PORT),
    readiness: plainHttpReadiness(layoutOf(stack).port(EXPORTER_OF[tier]), '/'),
  };
}

/** The process of one tier. */
export function postgresExporterService(stack: Stack, tier: Tier): Service {
  const { postgresExporter } = stack;
  const name = EXPORTER_OF[tier];
  return defineService(stack, postgresExporter, {
    name,
    ...(stack.servers.some(({ tls }) => tls.key !== null) ? withClientKeys(stack, name) : {}),
    command: [
      `--config.file=${secretPath(stack, name, EXPORTER_CONFIG)}`,
      ...listenFlag(stack, name),
      ...collectorFlags(postgresExporter.image.version, tier, collectorChoices(stack)),
      ...statementFlags(stack, tier),
      `--collection-timeout=${statementSeconds(tierTimes(stack, tier))}s`,
    ],
    ...reachable(stack, tier),
    mounts: [secretsMount(name)],
    extraHosts: hostGateway(stack.servers.map((server) => server.scrapeHost)),
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/'), 20),
    secretsDir: name,
    startWeight: 20,
  });
}
