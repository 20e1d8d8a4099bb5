/** Disks of a machine, and what PostgreSQL itself asks of them. */
import { NO_DISKS, ONLY_STACKED_DISKS } from '../host-empty-when.ts';
import { query, timeSeries } from '../house-look.ts';
import { highIsBad } from '../thresholds.ts';
import { IO_BY_SERVERS_HERE } from './host-servers.ts';

/** Devices made of others would be counted twice. */
const D = '{instance=~"$host", device!~"(dm-|md|loop|ram|zram|sr|fd).*"}';
const rate = (metric: string): string => `rate(node_disk_${metric}${D}[$__rate_interval])`;
const WITHOUT_DISKS = [NO_DISKS, ONLY_STACKED_DISKS];

export const DISK_BUSY = timeSeries({
  id: 'disk-busy',
  title: 'Disk Busy (%)',
  text: {
    shows: 'Share of time in which the disk had at least one request.',
    normal:
      'Below 70 %. Solid-state disks and arrays do many requests at once: 100 % alone is not yet too much.',
    action: 'Judge it together with the time per request: busy and slow is a bottleneck.',
  },
  unit: 'percentunit',
  min: 0,
  max: 1,
  queries: [query(rate('io_time_seconds_total'), '{{device}}')],
  width: 8,
  height: 7,
  thresholds: highIsBad(0.7, 0.9),
  emptyWhen: WITHOUT_DISKS,
  alert: 'HostDiskSaturated',
});

/** 0 while nobody asks anything of the disk. */
const latency = (direction: 'read' | 'write', done: string): string =>
  `${rate(`${direction}_time_seconds_total`)} / (${rate(done)} > 0) or ${rate(done)} * 0`;

export const DISK_LATENCY = timeSeries({
  id: 'disk-latency',
  title: 'Time per Disk Request (s)',
  text: {
    shows: 'Mean time of a read and of a write, queueing included; 0 while there are none.',
    normal: 'Below 1 ms on solid-state disks, below 10 ms on network storage.',
    action:
      'A commit waits for a write and a cache miss for a read. When it rises with the load, the disk is at its limit.',
  },
  unit: 's',
  min: 0,
  queries: [
    query(latency('read', 'reads_completed_total'), '{{device}} read'),
    query(latency('write', 'writes_completed_total'), '{{device}} write'),
  ],
  width: 8,
  height: 7,
  thresholds: highIsBad(0.02, 0.1),
  emptyWhen: WITHOUT_DISKS,
});

export const DISK_AND_POSTGRESQL = timeSeries({
  id: 'disk-and-postgresql',
  title: 'Disk and PostgreSQL I/O (bytes/s)',
  text: {
    shows:
      'What the disks of the machine read and write, beside what the PostgreSQL servers on it read beyond their buffers (the page cache may answer that) and the WAL that they write (from PostgreSQL 14). A server belongs to the machine when it is scraped under the same host name.',
    normal: 'PostgreSQL reads more than the disks do as long as the page cache helps.',
    action:
      'Disks far above PostgreSQL: another program works here, a backup or a log. See also 08-WAL-Checkpoints.',
  },
  unit: 'Bps',
  min: 0,
  queries: [
    query(`sum(${rate('read_bytes_total')})`, 'disks read'),
    query(`sum(${rate('written_bytes_total')})`, 'disks write'),
    ...IO_BY_SERVERS_HERE,
  ],
  width: 8,
  height: 7,
  emptyWhen: WITHOUT_DISKS,
});
