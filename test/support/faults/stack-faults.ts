/** Faults of the monitoring stack and of its machine. They stop what all others need, so they have a stack of their own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunningStack } from '../running-stack.ts';

const docker = (...args: string[]): void => void execFileSync('docker', args, { stdio: 'ignore' });

export interface StackFaultWorld {
  readonly stack: RunningStack;
  /** A small tmpfs of this machine. */
  readonly smallDisk: string;
}

export interface StackFault {
  readonly what: string;
  readonly alert: string;
  readonly labels: (world: StackFaultWorld) => Readonly<Record<string, string>>;
  /** Alerts that must not arrive because of it. */
  readonly notAlso: readonly string[];
  readonly provoke: (world: StackFaultWorld) => () => void;
}

/** A tmpfs mounted for the test; gone with `unmount`. */
export function mountSmallDisk(name: string): { readonly directory: string; readonly unmount: () => void } {
  const directory = `/var/tmp/${name}`;
  mkdirSync(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', directory]);
  return {
    directory,
    unmount: () => {
      execFileSync('umount', ['-l', directory]);
      rmSync(directory, { recursive: true });
    },
  };
}

/** Two series on either side of one match: Prometheus refuses it at every evaluation, and accepts the file. */
const BROKEN_RULES = `groups:
  - name: broken
    rules:
      - record: broken
        expr: 'up + on () up'
`;

export const STACK_FAULTS: readonly StackFault[] = [
  {
    what: "the exporter's container is stopped",
    alert: 'PostgreSQLExporterDown',
    labels: () => ({}),
    notAlso: ['PostgreSQLDown'],
    provoke: ({ stack }) => {
      docker('stop', '-t', '2', `${stack.name}-postgres-exporter-1`);
      return () => docker('start', `${stack.name}-postgres-exporter-1`);
    },
  },
  {
    what: 'a recording rule fails',
    alert: 'PrometheusRuleFailures',
    labels: () => ({}),
    notAlso: [],
    provoke: ({ stack }) => {
      const file = path.join(stack.outDir, 'prometheus/rules/broken.yml');
      const reload = () => docker('kill', '-s', 'HUP', `${stack.name}-prometheus-1`);
      writeFileSync(file, BROKEN_RULES);
      reload();
      return () => {
        rmSync(file);
        reload();
      };
    },
  },
  {
    what: 'a small file system fills up',
    alert: 'HostDiskSpaceLow',
    labels: ({ smallDisk }) => ({ mountpoint: smallDisk }),
    notAlso: [],
    provoke: ({ smallDisk }) => {
      const file = path.join(smallDisk, 'filler');
      writeFileSync(file, Buffer.alloc(30 * 1024 * 1024));
      return () => rmSync(file);
    },
  },
];
