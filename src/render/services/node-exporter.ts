/** The node_exporter service: the host's figures through a read-only mount, without the host's network or processes. */
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { NodeExporter, Stack } from '../../stack/stack.ts';
import {
  defineService,
  plainHttpReadiness,
  publishedPorts,
  slowHealthcheck,
  wgetCommand,
} from './base-service.ts';

const PORT = CONTAINER_PORTS['node-exporter'];

/** They read the network namespace of the process, so that they would show the container's figures as the host's. */
const NAMESPACED = [
  'arp',
  'conntrack',
  'ipvs',
  'netclass',
  'netdev',
  'netstat',
  'sockstat',
  'softnet',
  'udp_queues',
];

/** Distributions switch these on; in a container there is nothing for them to read. */
const UNREACHABLE = ['systemd', 'textfile'] as const;

export function nodeExporterService(stack: Stack, nodeExporter: NodeExporter): Service {
  return defineService(nodeExporter, {
    name: 'node-exporter',
    command: [
      '--path.rootfs=/host',
      '--path.procfs=/host/proc',
      '--path.sysfs=/host/sys',
      '--path.udev.data=/host/run/udev/data',
      '--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker|var/lib/containers)($|/)',
      ...[...NAMESPACED, ...UNREACHABLE].map((name) => `--no-collector.${name}`),
    ],
    ports: publishedPorts(nodeExporter, PORT),
    // No propagation asked for: Docker itself takes rslave where it can, and `/` need not be a shared mount.
    mounts: [{ kind: 'bind', source: '/', target: '/host', isReadOnly: true, propagation: null }],
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/'), 20),
    readiness: plainHttpReadiness(PORT, '/'),
  });
}
