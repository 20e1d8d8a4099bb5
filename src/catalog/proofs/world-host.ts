/** The healthy world: the machine that the stack runs on, as its node_exporter shows it. */
import { JOBS } from '../../conventions.ts';
import type { SimulatedSeries } from './proof.ts';

const NODE = { job: JOBS.node, instance: 'node-exporter:9100' };

type Labels = SimulatedSeries['labels'];

const gauge = (metric: string, value: number, labels: Labels = {}): SimulatedSeries => ({
  metric,
  labels: { ...NODE, ...labels },
  kind: 'gauge',
  value,
});
const counter = (metric: string, value: number, labels: Labels = {}): SimulatedSeries => ({
  metric,
  labels: { ...NODE, ...labels },
  kind: 'counter',
  value,
});

interface FileSystem {
  readonly device: string;
  readonly fstype: string;
  readonly mountpoint: string;
  readonly size: number;
  readonly free: number;
  readonly available: number;
  readonly files: number;
  readonly filesFree: number;
  readonly readonly: number;
}

const GIB = 1_073_741_824;

const FILE_SYSTEMS: readonly FileSystem[] = [
  {
    device: '/dev/vda',
    fstype: 'ext4',
    mountpoint: '/',
    size: 100 * GIB,
    free: 75 * GIB,
    available: 70 * GIB,
    files: 6_553_600,
    filesFree: 6_000_000,
    readonly: 0,
  },
  // A data directory may be on one.
  {
    device: 'tmpfs',
    fstype: 'tmpfs',
    mountpoint: '/srv/postgresql',
    size: GIB,
    free: 0.6 * GIB,
    available: 0.6 * GIB,
    files: 200_000,
    filesFree: 199_000,
    readonly: 0,
  },
  // Has no fixed number of inodes.
  {
    device: '/dev/vdb',
    fstype: 'btrfs',
    mountpoint: '/var/backups',
    size: 200 * GIB,
    free: 90 * GIB,
    available: 90 * GIB,
    files: 0,
    filesFree: 0,
    readonly: 0,
  },
  // Full and read-only from the start, as they should be.
  {
    device: '/dev/loop0',
    fstype: 'squashfs',
    mountpoint: '/snap/core/1',
    size: GIB / 16,
    free: 0,
    available: 0,
    files: 1000,
    filesFree: 0,
    readonly: 1,
  },
  {
    device: '/dev/vdc',
    fstype: 'ext4',
    mountpoint: '/usr',
    size: 4 * GIB,
    free: GIB / 8,
    available: 0,
    files: 200_000,
    filesFree: 1000,
    readonly: 1,
  },
  // The system's own, as another machine's node_exporter may show it.
  {
    device: 'tmpfs',
    fstype: 'tmpfs',
    mountpoint: '/run/lock',
    size: 5_242_880,
    free: 0,
    available: 0,
    files: 1000,
    filesFree: 0,
    readonly: 0,
  },
];

const FILE_SYSTEM_SERIES: readonly SimulatedSeries[] = FILE_SYSTEMS.flatMap((one) => {
  const { device, fstype, mountpoint } = one;
  const labels = { device, device_error: '', fstype, mountpoint };
  return [
    gauge('node_filesystem_size_bytes', one.size, labels),
    gauge('node_filesystem_free_bytes', one.free, labels),
    gauge('node_filesystem_avail_bytes', one.available, labels),
    gauge('node_filesystem_files', one.files, labels),
    gauge('node_filesystem_files_free', one.filesFree, labels),
    gauge('node_filesystem_readonly', one.readonly, labels),
  ];
});

/** Seconds per minute of each of two processors. */
const PROCESSORS: readonly SimulatedSeries[] = ['0', '1'].flatMap((cpu) =>
  Object.entries({ idle: 42, iowait: 3, irq: 0, nice: 0, softirq: 1, steal: 0, system: 4, user: 10 }).map(
    ([mode, value]) => ({
      ...counter('node_cpu_seconds_total', value, { cpu, mode }),
      idle: mode === 'idle' ? 60 : 0,
    }),
  ),
);

export const HOST_WORLD: readonly SimulatedSeries[] = [
  gauge('up', 1),
  ...FILE_SYSTEM_SERIES,
  ...PROCESSORS,
  { metric: 'node_time_seconds', labels: NODE, kind: 'clock', value: 0.02 },
  gauge('node_memory_MemTotal_bytes', 32 * GIB),
  gauge('node_memory_MemAvailable_bytes', 20 * GIB),
  counter('node_vmstat_oom_kill', 0),
  counter('node_vmstat_pswpin', 600),
  counter('node_vmstat_pswpout', 600),
  counter('node_disk_io_time_weighted_seconds_total', 90, { device: 'vda' }),
  counter('node_disk_io_time_weighted_seconds_total', 1200, { device: 'dm-0' }),
  gauge('node_filefd_allocated', 1500),
  gauge('node_filefd_maximum', 2_466_170),
];
