/** File systems and network of a machine. */
import { NO_NETWORK } from '../host-empty-when.ts';
import { query, table, timeSeries } from '../house-look.ts';
import { lowIsBad } from '../thresholds.ts';

const H = '{instance=~"$host"}';
const SHARE = `mountpoint:node_filesystem_avail_bytes:ratio${H}`;
const BY = 'max by (mountpoint, device, fstype)';
/** Only real file systems: those of which the recording rule tells. */
const real = (figure: string): string => `${BY} (${figure}${H}) and on (mountpoint, device, fstype) ${SHARE}`;

export const FILE_SYSTEMS = table({
  id: 'file-systems',
  title: 'File Systems by Free Space (%)',
  text: {
    shows:
      'Each file system with its free share, the share in 24 hours if it goes on as in the last six, and free inodes. The forecast is there after three hours of samples.',
    normal: 'Above 15 % free, and as much in a day. Below 0 % in 24 hours means: full before then.',
    action: 'Find out what grows: tables (06-Tables-Indexes), WAL (08-WAL-Checkpoints), or logs.',
  },
  unit: 'percentunit',
  columns: [
    { label: 'mountpoint', header: 'Mounted at' },
    { label: 'device', header: 'Device' },
    { label: 'fstype', header: 'Type' },
  ],
  queries: [
    query(`${BY} (${SHARE})`, 'Free', { thresholds: lowIsBad(0.05, 0.15) }),
    query(`${BY} (mountpoint:node_filesystem_avail_bytes:ratio_in24h${H})`, 'Free in 24 h', {
      thresholds: lowIsBad(0, 0.1),
    }),
    query(real('node_filesystem_avail_bytes'), 'Free space', { unit: 'bytes' }),
    query(real('node_filesystem_size_bytes'), 'Size', { unit: 'bytes' }),
    query(`${BY} (mountpoint:node_filesystem_files_free:ratio${H})`, 'Free inodes', {
      thresholds: lowIsBad(0.1, 0.2),
    }),
  ],
  isAscending: true,
  width: 24,
  height: 6,
  alert: 'HostDiskSpaceLow',
});

export const FREE_SPACE = timeSeries({
  id: 'free-space',
  title: 'Free Disk Space (%)',
  text: {
    shows: 'Free share of each file system.',
    normal: 'Level, or a saw where WAL or temporary files come and go.',
    action: 'A steady fall has an end: the table above says when.',
  },
  unit: 'percentunit',
  min: 0,
  max: 1,
  queries: [query(`max by (mountpoint) (${SHARE})`, '{{mountpoint}}')],
  width: 8,
  height: 6,
  thresholds: lowIsBad(0.05, 0.15),
  alert: 'HostDiskSpaceLow',
});

const swapped = (direction: 'in' | 'out') =>
  query(`max(rate(node_vmstat_pswp${direction}${H}[$__rate_interval]))`, direction);

export const SWAPPING = timeSeries({
  id: 'swapping',
  title: 'Swapped Pages (per second)',
  text: {
    shows: 'Pages that move between memory and swap space.',
    normal: '0.',
    action:
      'What is in use does not fit into memory: lower shared_buffers, work_mem or connections, or add memory.',
  },
  unit: 'short',
  min: 0,
  queries: [swapped('in'), swapped('out')],
  width: 8,
  height: 6,
  alert: 'HostSwapping',
});

const NETWORK = '{instance=~"$host", device!~"lo|veth.*|docker.*|br-.*|cali.*|cni.*"}';

export const NETWORK_TRAFFIC = timeSeries({
  id: 'network-traffic',
  title: 'Network Traffic (bytes/s)',
  text: {
    shows: 'Bytes received and sent by the network interfaces of the machine.',
    normal: 'Well below what the interface can do (1 Gbit/s is 125 MB/s).',
    action: 'Near that limit look for large results, for backups, and for replicas that are built anew.',
  },
  unit: 'Bps',
  min: 0,
  queries: [
    query(`rate(node_network_receive_bytes_total${NETWORK}[$__rate_interval])`, '{{device}} in'),
    query(`rate(node_network_transmit_bytes_total${NETWORK}[$__rate_interval])`, '{{device}} out'),
  ],
  width: 8,
  height: 6,
  emptyWhen: [NO_NETWORK],
});
