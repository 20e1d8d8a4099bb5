/** The machine below. */
import { DASHBOARD_UIDS, type Dashboard } from './dashboard.ts';
import { CPU_BY_MODE, MEMORY, PRESSURE } from './panels/host-cpu-memory.ts';
import { DISK_AND_POSTGRESQL, DISK_BUSY, DISK_LATENCY } from './panels/host-disks.ts';
import { FILE_SYSTEMS, FREE_SPACE, NETWORK_TRAFFIC, SWAPPING } from './panels/host-filesystems.ts';
import {
  CPU_BUSY,
  IO_WAIT,
  LEAST_FREE_INODES,
  LEAST_FREE_SPACE,
  LOAD_PER_CORE,
  MEMORY_AVAILABLE,
  SWAP_USED,
  UPTIME,
} from './panels/host-state.ts';
import { HOST } from './variables.ts';

export const HOST_DASHBOARD: Dashboard = {
  slug: '10-host',
  uid: DASHBOARD_UIDS.host,
  title: '10-Host',
  question: 'The machine below.',
  variables: [HOST],
  needs: 'node-exporter',
  range: '6h',
  rows: [
    {
      title: 'Now',
      panels: [
        CPU_BUSY,
        IO_WAIT,
        LOAD_PER_CORE,
        MEMORY_AVAILABLE,
        SWAP_USED,
        LEAST_FREE_SPACE,
        LEAST_FREE_INODES,
        UPTIME,
      ],
    },
    { title: 'Processors and memory', panels: [CPU_BY_MODE, PRESSURE, MEMORY] },
    { title: 'Disks', panels: [DISK_BUSY, DISK_LATENCY, DISK_AND_POSTGRESQL] },
    { title: 'File systems and network', panels: [FILE_SYSTEMS, FREE_SPACE, SWAPPING, NETWORK_TRAFFIC] },
  ],
};
