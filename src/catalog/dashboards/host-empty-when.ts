/** Reasons for which a panel about a machine may be empty: what its node_exporter or its kernel does not give. `$host` is needed. */
import type { EmptyWhen } from './empty-when.ts';

const HOST = 'instance=~"$host"';

/** A collector that is off says nothing about itself; one that finds nothing says that it failed. */
const withoutCollector = (collector: string, reason: string): EmptyWhen => ({
  reason,
  holds: `absent(node_scrape_collector_success{${HOST}, collector="${collector}"} == 1)`,
});

export const NO_PRESSURE = withoutCollector('pressure', 'the kernel gives no pressure figures (PSI)');

export const NO_DISKS = withoutCollector('diskstats', 'the kernel gives no figures about disks');

/** The stack's own node_exporter runs in a container, whose network is not the machine's. */
export const NO_NETWORK = withoutCollector(
  'netdev',
  'the exporter runs in a container, which does not see the network of the machine',
);

/** Of a container for itself, and of machines whose disks are all left out. */
export const ONLY_STACKED_DISKS: EmptyWhen = {
  reason: 'the machine has no disk of its own',
  holds: `absent(node_disk_io_now{${HOST}, device!~"(dm-|md|loop|ram|zram|sr|fd).*"})`,
};

export const NO_INODES: EmptyWhen = {
  reason: 'no file system has a fixed number of inodes',
  holds:
    `max(node_filesystem_files{${HOST}} and on (instance, device, mountpoint)` +
    ` mountpoint:node_filesystem_avail_bytes:ratio{${HOST}}) == 0`,
};

export const NO_SWAP: EmptyWhen = {
  reason: 'the machine has no swap space',
  holds: `max(node_memory_SwapTotal_bytes{${HOST}}) == 0`,
};
