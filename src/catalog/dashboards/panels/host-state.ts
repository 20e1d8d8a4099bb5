/** A machine in numbers: use and saturation of each resource. */
import { NO_INODES, NO_SWAP } from '../host-empty-when.ts';
import { query, stat } from '../house-look.ts';
import { highIsBad, lowIsBad } from '../thresholds.ts';

const H = '{instance=~"$host"}';

export const CPU_BUSY = stat({
  id: 'cpu-busy',
  title: 'CPU Busy (%)',
  text: {
    shows: 'Share of processor time in use over five minutes; waiting for disks is not use.',
    normal: 'Below 70 %, so that there is room for peaks and for vacuum.',
    action: 'Find the statements that cost the most on 04-Queries before you buy processors.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [query(`max(instance:node_cpu_seconds_total:busy_ratio_rate5m${H})`, 'busy')],
  thresholds: highIsBad(0.7, 0.9),
  hasSparkline: true,
  alert: 'HostHighCPU',
});

export const IO_WAIT = stat({
  id: 'io-wait',
  title: 'CPU Waiting for Disks (%)',
  text: {
    shows: 'Share of processor time in which a processor was idle because programs waited for disks.',
    normal: 'Below 10 %.',
    action:
      'See which disk is busy below; then reads that no cache answers, checkpoints, vacuum or a backup.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [query(`max(instance:node_cpu_seconds_total:iowait_ratio_rate5m${H})`, 'waiting')],
  thresholds: highIsBad(0.1, 0.3),
  alert: 'HostHighIOWait',
});

export const LOAD_PER_CORE = stat({
  id: 'load-per-core',
  title: 'Load per Core (ratio)',
  text: {
    shows:
      'Tasks that ran or wanted to run (or waited for a disk) in the last five minutes, per processor core.',
    normal: 'Below 1.',
    action: 'Above 1 work waits for its turn: see whether processors or disks are what it waits for.',
  },
  unit: 'short',
  decimals: 2,
  queries: [
    query(
      `max(node_load5${H} / on (instance) count by (instance) (count by (instance, cpu) (node_cpu_seconds_total${H})))`,
      'load',
    ),
  ],
  thresholds: highIsBad(1, 2),
});

export const MEMORY_AVAILABLE = stat({
  id: 'memory-available',
  title: 'Memory Available (%)',
  text: {
    shows: 'Share of memory that programs can still get, caches included.',
    normal:
      'Above 20 %. The page cache is counted as available and is worth having: PostgreSQL relies on it.',
    action:
      'Lower work_mem or the number of connections before the kernel ends processes for want of memory.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [query(`min(instance:node_memory_MemAvailable_bytes:ratio${H})`, 'available')],
  thresholds: lowIsBad(0.1, 0.2),
  alert: 'HostMemoryLow',
});

export const SWAP_USED = stat({
  id: 'swap-used',
  title: 'Swap Used (%)',
  text: {
    shows:
      'Share of swap space in use. What lies there for long does not hurt; moving does: see pages per second below.',
    normal: 'A few percent at most on a machine for databases.',
    action: 'If it grows while pages move, memory is too small for what runs here.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [query(`max(1 - node_memory_SwapFree_bytes${H} / (node_memory_SwapTotal_bytes${H} > 0))`, 'used')],
  thresholds: highIsBad(0.25, 0.75),
  emptyWhen: [NO_SWAP],
  alert: 'HostSwapping',
});

export const LEAST_FREE_SPACE = stat({
  id: 'least-free-space',
  title: 'Least Free Disk Space (%)',
  text: {
    shows: 'Free share of the fullest file system, as programs that are not root may use it.',
    normal: 'Above 15 %.',
    action:
      'See the table of file systems for which one it is. A server whose WAL finds no room stops at once.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [query(`min(mountpoint:node_filesystem_avail_bytes:ratio${H})`, 'free')],
  thresholds: lowIsBad(0.05, 0.15),
  alert: 'HostDiskSpaceLow',
});

export const LEAST_FREE_INODES = stat({
  id: 'least-free-inodes',
  title: 'Least Free Inodes (%)',
  text: {
    shows: 'Free share of inodes of the file system that has the fewest. Each file takes one.',
    normal: 'Above 20 %.',
    action: 'Look for directories with very many small files; a database alone hardly uses them up.',
  },
  unit: 'percentunit',
  decimals: 0,
  queries: [query(`min(mountpoint:node_filesystem_files_free:ratio${H})`, 'free')],
  thresholds: lowIsBad(0.1, 0.2),
  emptyWhen: [NO_INODES],
  alert: 'HostInodesLow',
});

export const UPTIME = stat({
  id: 'uptime',
  title: 'Up Since Boot (s)',
  text: {
    shows: 'Time since the machine was started.',
    normal: 'Weeks or months; as long as your kernel updates let it.',
    action: 'A restart that nobody planned: look into the log of the kernel and of the hypervisor.',
  },
  unit: 's',
  queries: [query(`max(node_time_seconds${H} - node_boot_time_seconds${H})`, 'up')],
});
