/** Processors and memory of a machine over time. */
import { NO_PRESSURE } from '../host-empty-when.ts';
import { query, timeSeries } from '../house-look.ts';

const H = '{instance=~"$host"}';

const mode = (modes: string, legend: string) =>
  query(
    `sum by (instance) (rate(node_cpu_seconds_total{instance=~"$host", mode=~"${modes}"}[$__rate_interval]))` +
      ` / on (instance) count by (instance) (count by (instance, cpu) (node_cpu_seconds_total${H}))`,
    legend,
  );

export const CPU_BY_MODE = timeSeries({
  id: 'cpu-by-mode',
  title: 'CPU Time by Use (%)',
  text: {
    shows:
      'What the processors of the machine did: programs (user), kernel (system), waiting for disks, taken away by the hypervisor (steal).',
    normal: 'Mostly user, some system, no steal.',
    action:
      'Much steal: the host of this virtual machine is overloaded. Much waiting: the disks are too slow.',
  },
  unit: 'percentunit',
  min: 0,
  max: 1,
  isStacked: true,
  queries: [
    mode('user|nice', 'user'),
    mode('system|irq|softirq', 'system'),
    mode('iowait', 'waiting for disks'),
    mode('steal', 'steal'),
  ],
  width: 8,
  height: 7,
  alert: 'HostHighCPU',
});

const pressure = (metric: string, legend: string) =>
  query(`max(rate(node_pressure_${metric}_seconds_total${H}[$__rate_interval]))`, legend);

export const PRESSURE = timeSeries({
  id: 'pressure',
  title: 'Pressure: Time in Which Work Waited (%)',
  text: {
    shows:
      'Share of time in which at least one task waited for a processor, for a disk, or for memory (PSI of the kernel).',
    normal: 'Below 10 % each; memory 0.',
    action: 'The highest line names what the machine lacks. It sees a shortage before the other figures do.',
  },
  unit: 'percentunit',
  min: 0,
  queries: [
    pressure('cpu_waiting', 'processor'),
    pressure('io_waiting', 'disk'),
    pressure('memory_waiting', 'memory'),
  ],
  width: 8,
  height: 7,
  emptyWhen: [NO_PRESSURE],
});

const memory = (expr: string, legend: string) => query(`max(${expr})`, legend);

export const MEMORY = timeSeries({
  id: 'memory',
  title: 'Memory and Swap in Use (bytes)',
  text: {
    shows: 'Memory that programs cannot give back, the page cache, all there is, and swap space in use.',
    normal: 'Programs stay well below the total, the page cache takes the rest.',
    action:
      'When programs come near the total, the page cache shrinks and reads reach the disk: lower work_mem or connections.',
  },
  unit: 'bytes',
  min: 0,
  queries: [
    memory(`node_memory_MemTotal_bytes${H}`, 'total'),
    memory(`node_memory_MemTotal_bytes${H} - node_memory_MemAvailable_bytes${H}`, 'programs'),
    memory(`node_memory_Cached_bytes${H} + node_memory_Buffers_bytes${H}`, 'page cache'),
    memory(`node_memory_SwapTotal_bytes${H} - node_memory_SwapFree_bytes${H}`, 'swap'),
  ],
  width: 8,
  height: 7,
  alert: 'HostMemoryLow',
});
