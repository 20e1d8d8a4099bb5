/** Figures of machines that several alerts and dashboards use. Labels of the target stay: machines may have their own. */
import type { RecordingGroup } from './recording.ts';

/**
 * What can never fill up, or is full from the start. tmpfs is not among them: a data directory may be on one; the system's own
 * are left out by their place.
 */
const REAL =
  '{fstype!~"(autofs|cgroup2?|configfs|debugfs|devpts|devtmpfs|erofs|fuse\\\\.lxcfs|iso9660|nsfs|overlay|proc|ramfs|squashfs|sysfs|tracefs|udf)", mountpoint!~"/(boot/efi|dev|proc|run|snap|sys)(/.*)?"}';
const WITHOUT = 'without (device_error)';

export const HOST_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-hosts',
  intervalSeconds: 30,
  rules: [
    {
      record: 'mountpoint:node_filesystem_avail_bytes:ratio',
      meaning:
        'Share of a file system that programs may still fill, 0 to 1, as df counts it: without what is kept for root.',
      expr:
        `max ${WITHOUT} (node_filesystem_avail_bytes${REAL}` +
        ' / ((node_filesystem_size_bytes - node_filesystem_free_bytes + node_filesystem_avail_bytes) > 0)' +
        ' unless node_filesystem_readonly == 1)',
      needs: ['node-exporter'],
    },
    {
      record: 'mountpoint:node_filesystem_files_free:ratio',
      meaning:
        'Share of inodes that are free, 0 to 1; absent where the file system has no fixed number of them.',
      expr: `max ${WITHOUT} (node_filesystem_files_free${REAL} / (node_filesystem_files > 0) unless node_filesystem_readonly == 1)`,
      needs: ['node-exporter'],
    },
    {
      record: 'instance:node_memory_MemAvailable_bytes:ratio',
      meaning: 'Share of memory that programs can still get, caches included, 0 to 1.',
      expr: 'node_memory_MemAvailable_bytes / (node_memory_MemTotal_bytes > 0)',
      needs: ['node-exporter'],
    },
    {
      record: 'instance:node_cpu_seconds_total:busy_ratio_rate5m',
      meaning: 'Share of processor time in use, 0 to 1, over all processors; waiting for disks is not use.',
      expr: '1 - sum without (mode) (avg without (cpu) (rate(node_cpu_seconds_total{mode=~"idle|iowait"}[5m])))',
      needs: ['node-exporter'],
    },
    {
      record: 'instance:node_cpu_seconds_total:iowait_ratio_rate5m',
      meaning:
        'Share of processor time in which a processor was idle because programs waited for disks, 0 to 1.',
      expr: 'avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="iowait"}[5m]))',
      needs: ['node-exporter'],
    },
  ],
};

export const HOST_TREND_RECORDINGS: RecordingGroup = {
  name: 'pgmon-recording-host-trends',
  // Prometheus forgets a sample after 5 minutes.
  intervalSeconds: 240,
  rules: [
    {
      record: 'mountpoint:node_filesystem_avail_bytes:ratio_in24h',
      meaning:
        'Share of a file system that will be free in 24 hours if it goes on as in the last six, below 0 when it will be full before; absent in the first three hours.',
      expr:
        'predict_linear(mountpoint:node_filesystem_avail_bytes:ratio[6h], 86400)' +
        ' and mountpoint:node_filesystem_avail_bytes:ratio offset 3h',
      needs: ['node-exporter'],
    },
  ],
};
