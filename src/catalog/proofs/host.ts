/** Proofs of the alerts in `alerts/host.ts` and `alerts/host-disks.ts`. */
import { JOBS } from '../../conventions.ts';
import type { Change, Proof } from './proof.ts';

const NODE = { job: JOBS.node, instance: 'node-exporter:9100' };
const GIB = 1_073_741_824;

const TMPFS = '/srv/postgresql';
const TMPFS_LABELS = { ...NODE, device: 'tmpfs', fstype: 'tmpfs', mountpoint: TMPFS };
const ROOT_LABELS = { ...NODE, device: '/dev/vda', fstype: 'ext4', mountpoint: '/' };

const free = (mountpoint: string, bytes: number): readonly Change[] => [
  { metric: 'node_filesystem_free_bytes', labels: { mountpoint }, value: bytes },
  { metric: 'node_filesystem_avail_bytes', labels: { mountpoint }, value: bytes },
];
const processors = (rates: Readonly<Record<string, number>>): readonly Change[] =>
  Object.entries(rates).map(([mode, value]) => ({
    metric: 'node_cpu_seconds_total',
    labels: { mode },
    value,
  }));

export const HOST_PROOFS: Readonly<Record<string, Proof>> = {
  HostDiskSpaceLow: {
    fault: free(TMPFS, 0.125 * GIB),
    labels: TMPFS_LABELS,
    summary: 'Only 12.5% of /srv/postgresql on node-exporter:9100 is free',
    description:
      'The file system /srv/postgresql on node-exporter:9100 (tmpfs) has 12.5% of its space left (limit 15 %). A PostgreSQL server whose WAL finds no room stops at once.',
  },
  HostDiskSpaceCritical: {
    fault: free(TMPFS, 0.03125 * GIB),
    labels: TMPFS_LABELS,
    summary: 'Only 3.125% of /srv/postgresql on node-exporter:9100 is free',
    description:
      'The file system /srv/postgresql on node-exporter:9100 (tmpfs) is almost full: 3.125% of its space is left (limit 5 %). Make room now; never delete anything in pg_wal by hand.',
  },
  HostDiskWillFill: {
    fault: free('/', 30 * GIB),
    step: '1m',
    warmup: '8h',
    // Until the fall weighs enough in six hours of history.
    delay: '23m',
    recovery: '0s',
    labels: ROOT_LABELS,
    summary: '/ on node-exporter:9100 will be full within 24 hours',
    description:
      'If it goes on as in the last 6 hours, the file system / on node-exporter:9100 (/dev/vda) will be full within 24 hours. Now 30% of it is free (reported only below 40 %).',
  },
  HostInodesLow: {
    fault: [{ metric: 'node_filesystem_files_free', labels: { mountpoint: '/' }, value: 327_680 }],
    labels: ROOT_LABELS,
    summary: 'Only 5% of the inodes of / on node-exporter:9100 are free',
    description:
      'The file system / on node-exporter:9100 (/dev/vda) can take few more files: 5% of its inodes are free (limit 10 %). When none is left, nothing can be created although there is space.',
  },
  HostFilesystemReadOnly: {
    fault: [{ metric: 'node_filesystem_readonly', labels: { mountpoint: '/' }, value: 1 }],
    warmup: '2h',
    labels: ROOT_LABELS,
    summary: '/ on node-exporter:9100 has become read-only',
    description:
      "The file system / on node-exporter:9100 (/dev/vda) was writable and is read-only now. The kernel does that when a disk fails. A PostgreSQL server on it cannot write; look into the kernel's log before mounting it again.",
  },
  HostDiskSaturated: {
    fault: [{ metric: 'node_disk_io_time_weighted_seconds_total', labels: { device: 'vda' }, value: 1800 }],
    delay: '1m30s',
    recovery: '3m45s',
    labels: { ...NODE, device: 'vda' },
    summary: 'Requests queue up at the disk vda of node-exporter:9100',
    description:
      'For 30 minutes 30 requests on average have been waiting at the disk vda of node-exporter:9100 (limit 10). Reads and commits take their turn behind them.',
  },
  HostMemoryLow: {
    fault: [{ metric: 'node_memory_MemAvailable_bytes', value: 2 * GIB }],
    labels: NODE,
    summary: 'Only 6.25% of the memory of node-exporter:9100 is available',
    description:
      'Programs on node-exporter:9100 can get no more than 6.25% of its memory, caches included (limit 10 %). Next the machine swaps or the kernel ends a process; if that is a PostgreSQL backend, all sessions of its server are lost.',
  },
  HostOutOfMemoryKill: {
    fault: [{ metric: 'node_vmstat_oom_kill', value: 4 }],
    delay: '15s',
    recovery: '5m',
    labels: NODE,
    summary: 'The kernel of node-exporter:9100 ended a process for lack of memory',
    description:
      "On node-exporter:9100 2 processes were ended in 5 minutes because memory, of the machine or of a container, ran out. When it was a PostgreSQL backend, its server restarted. The kernel's log says which ones.",
  },
  HostSwapping: {
    fault: [{ metric: 'node_vmstat_pswpin', value: 120_000 }],
    delay: '2m30s',
    recovery: '2m45s',
    labels: NODE,
    summary: 'node-exporter:9100 is swapping',
    description:
      'node-exporter:9100 moves 2.01k pages a second between memory and swap space (limit 1000). What is in use does not fit into memory; queries wait for the disk.',
  },
  HostHighCPU: {
    fault: processors({ idle: 3, iowait: 0, user: 52 }),
    delay: '4m30s',
    recovery: '30s',
    labels: NODE,
    summary: 'The processors of node-exporter:9100 are 95% busy',
    description:
      'For 15 minutes the processors of node-exporter:9100 have been 95% busy (limit 90 %). Queries wait for a processor. Look for a new or changed query first, then for a parallel job.',
  },
  HostHighIOWait: {
    fault: processors({ idle: 9, iowait: 36 }),
    delay: '2m15s',
    recovery: '2m45s',
    labels: NODE,
    summary: 'The processors of node-exporter:9100 wait for disks 60% of the time',
    description:
      'For 15 minutes the processors of node-exporter:9100 have been idle 60% of the time because programs wait for disks (limit 30 %). The disks are the bottleneck: too many reads that no cache answers, checkpoints, vacuum, a backup, or a failing disk.',
  },
  HostFileDescriptorsLow: {
    fault: [{ metric: 'node_filefd_allocated', value: 2_219_553 }],
    labels: NODE,
    summary: 'node-exporter:9100 is running out of file descriptors',
    description:
      '90% of all file descriptors that the kernel of node-exporter:9100 allows are in use (limit 80 %). When none is left, no program can open a file or accept a connection.',
  },
  HostClockSkew: {
    fault: [{ metric: 'node_time_seconds', value: -90 }],
    labels: NODE,
    summary: 'The clock of node-exporter:9100 is wrong by 1m 30s',
    description:
      'The clocks of node-exporter:9100 and of the machine that runs Prometheus differ by 1m 30s (limit 5 s). Ages, replication lag and the times in logs cannot be trusted until one of them is set right; see that time synchronisation runs on both.',
  },
};
