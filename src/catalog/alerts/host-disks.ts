/** Disks and file systems of the machines. Part of the family `host`. */
import { type AlertDefinition, defineAlert } from './alert.ts';

const PLACE = '{{ $labels.mountpoint }} on {{ $labels.instance }}';
const DEVICE = '{{ $labels.device }} of {{ $labels.instance }}';
const SHARED = { scope: 'host', severity: 'warning', needs: ['node-exporter'] } as const;
const AVAILABLE = 'mountpoint:node_filesystem_avail_bytes:ratio';
/** The labels of an error come and go; a file system is the same with and without them. */
const READ_ONLY = 'max without (device_error) (node_filesystem_readonly';
const wasWritable = (before: string) => `${READ_ONLY} offset ${before}) == 0`;

export const DISK_ALERTS: readonly AlertDefinition[] = [
  defineAlert({
    ...SHARED,
    name: 'HostDiskSpaceLow',
    expr: `${AVAILABLE} < <limit>`,
    threshold: { value: 15, unit: 'percent' },
    for: '5m',
    keepFiringFor: '5m',
    summary: `Only {{ $value | humanizePercentage }} of ${PLACE} is free`,
    description: `The file system ${PLACE} ({{ $labels.device }}) has {{ $value | humanizePercentage }} of its space left (limit <limit>). A PostgreSQL server whose WAL finds no room stops at once.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostDiskSpaceCritical',
    expr: `${AVAILABLE} < <limit>`,
    threshold: { value: 5, unit: 'percent' },
    for: '1m',
    keepFiringFor: '5m',
    severity: 'critical',
    summary: `Only {{ $value | humanizePercentage }} of ${PLACE} is free`,
    description: `The file system ${PLACE} ({{ $labels.device }}) is almost full: {{ $value | humanizePercentage }} of its space is left (limit <limit>). Make room now; never delete anything in pg_wal by hand.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostDiskWillFill',
    expr: `${AVAILABLE} < <limit> and ${AVAILABLE}_in24h < 0`,
    threshold: { value: 40, unit: 'percent' },
    for: '1h',
    summary: `${PLACE} will be full within 24 hours`,
    description: `If it goes on as in the last 6 hours, the file system ${PLACE} ({{ $labels.device }}) will be full within 24 hours. Now {{ $value | humanizePercentage }} of it is free (reported only below <limit>).`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostInodesLow',
    expr: 'mountpoint:node_filesystem_files_free:ratio < <limit>',
    threshold: { value: 10, unit: 'percent' },
    for: '5m',
    summary: `Only {{ $value | humanizePercentage }} of the inodes of ${PLACE} are free`,
    description: `The file system ${PLACE} ({{ $labels.device }}) can take few more files: {{ $value | humanizePercentage }} of its inodes are free (limit <limit>). When none is left, nothing can be created although there is space.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostFilesystemReadOnly',
    // Some are read-only for good; this is about one that was writable an hour, a day or a week ago.
    expr: `${READ_ONLY}) == 1 and (${wasWritable('1h')} or ${wasWritable('1d')} or ${wasWritable('7d')})`,
    for: '1m',
    severity: 'critical',
    summary: `${PLACE} has become read-only`,
    description: `The file system ${PLACE} ({{ $labels.device }}) was writable and is read-only now. The kernel does that when a disk fails. A PostgreSQL server on it cannot write; look into the kernel's log before mounting it again.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostDiskSaturated',
    // Devices made of others would be counted twice.
    expr: 'rate(node_disk_io_time_weighted_seconds_total{device!~"(dm-|md|loop|ram|zram|sr|fd).*"}[5m]) > <limit>',
    threshold: { value: 10, unit: 'count' },
    for: '30m',
    keepFiringFor: '5m',
    summary: `Requests queue up at the disk ${DEVICE}`,
    description: `For 30 minutes {{ $value | humanize }} requests on average have been waiting at the disk ${DEVICE} (limit <limit>). Reads and commits take their turn behind them.`,
  }),
];
