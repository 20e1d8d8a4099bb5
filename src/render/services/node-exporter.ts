/** The node_exporter service: this machine's figures. In a container through a read-only mount, without the host's network or processes. */
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { NodeExporter, Stack } from '../../stack/stack.ts';
import { layoutOf } from '../layout.ts';
import {
  defineService,
  listenFlag,
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

/** Distributions switch these on; there is nothing for them to read, or another program's. */
const UNREACHABLE = ['systemd', 'textfile'] as const;

/** Where the container sees what it reads. */
const HOST_PATHS = [
  '--path.rootfs=/host',
  '--path.procfs=/host/proc',
  '--path.sysfs=/host/sys',
  '--path.udev.data=/host/run/udev/data',
];

export function nodeExporterService(stack: Stack, nodeExporter: NodeExporter): Service {
  const isNative = stack.native !== null;
  return defineService(stack, nodeExporter, {
    name: 'node-exporter',
    command: [
      ...listenFlag(stack, 'node-exporter'),
      ...(isNative ? [] : HOST_PATHS),
      '--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker|var/lib/containers)($|/)',
      ...[...(isNative ? [] : NAMESPACED), ...UNREACHABLE].map((name) => `--no-collector.${name}`),
    ],
    ports: publishedPorts(nodeExporter, PORT),
    // No propagation asked for: Docker itself takes rslave where it can, and `/` need not be a shared mount.
    mounts: [{ kind: 'bind', source: '/', target: '/host', isReadOnly: true, propagation: null }],
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/'), 20),
    readiness: plainHttpReadiness(layoutOf(stack).port('node-exporter'), '/'),
  });
}
