/** The machines: memory, processor, clock; their disks are in a file of their own. */
import { type AlertDefinition, defineAlert } from './alert.ts';
import { DISK_ALERTS } from './host-disks.ts';

const HOST = '{{ $labels.instance }}';
const SHARED = { scope: 'host', severity: 'warning', needs: ['node-exporter'] } as const;

export const HOST_ALERTS: readonly AlertDefinition[] = [
  ...DISK_ALERTS,
  defineAlert({
    ...SHARED,
    name: 'HostMemoryLow',
    expr: 'instance:node_memory_MemAvailable_bytes:ratio < <limit>',
    threshold: { value: 10, unit: 'percent' },
    for: '5m',
    keepFiringFor: '5m',
    summary: `Only {{ $value | humanizePercentage }} of the memory of ${HOST} is available`,
    description: `Programs on ${HOST} can get no more than {{ $value | humanizePercentage }} of its memory, caches included (limit <limit>). Next the machine swaps or the kernel ends a process; if that is a PostgreSQL backend, all sessions of its server are lost.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostOutOfMemoryKill',
    expr: 'increase(node_vmstat_oom_kill[5m]) > 0',
    keepFiringFor: '15m',
    summary: `The kernel of ${HOST} ended a process for lack of memory`,
    description: `On ${HOST} {{ $value | humanize }} processes were ended in 5 minutes because memory, of the machine or of a container, ran out. When it was a PostgreSQL backend, its server restarted. The kernel's log says which ones.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostSwapping',
    expr: 'rate(node_vmstat_pswpin[5m]) + rate(node_vmstat_pswpout[5m]) > <limit>',
    threshold: { value: 1000, unit: 'count' },
    for: '10m',
    silentWhen: 'no swap space',
    summary: `${HOST} is swapping`,
    description: `${HOST} moves {{ $value | humanize }} pages a second between memory and swap space (limit <limit>). What is in use does not fit into memory; queries wait for the disk.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostHighCPU',
    expr: 'instance:node_cpu_seconds_total:busy_ratio_rate5m > <limit>',
    threshold: { value: 90, unit: 'percent' },
    for: '15m',
    keepFiringFor: '5m',
    summary: `The processors of ${HOST} are {{ $value | humanizePercentage }} busy`,
    description: `For 15 minutes the processors of ${HOST} have been {{ $value | humanizePercentage }} busy (limit <limit>). Queries wait for a processor. Look for a new or changed query first, then for a parallel job.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostHighIOWait',
    expr: 'instance:node_cpu_seconds_total:iowait_ratio_rate5m > <limit>',
    threshold: { value: 30, unit: 'percent' },
    for: '15m',
    keepFiringFor: '5m',
    summary: `The processors of ${HOST} wait for disks {{ $value | humanizePercentage }} of the time`,
    description: `For 15 minutes the processors of ${HOST} have been idle {{ $value | humanizePercentage }} of the time because programs wait for disks (limit <limit>). The disks are the bottleneck: too many reads that no cache answers, checkpoints, vacuum, a backup, or a failing disk.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostFileDescriptorsLow',
    expr: 'node_filefd_allocated / (node_filefd_maximum > 0) > <limit>',
    threshold: { value: 80, unit: 'percent' },
    for: '5m',
    summary: `${HOST} is running out of file descriptors`,
    description: `{{ $value | humanizePercentage }} of all file descriptors that the kernel of ${HOST} allows are in use (limit <limit>). When none is left, no program can open a file or accept a connection.`,
  }),
  defineAlert({
    ...SHARED,
    name: 'HostClockSkew',
    // A scrape's time is Prometheus' own clock; a slow scrape moves the figure by less than the scrape's timeout.
    expr: 'abs(node_time_seconds - timestamp(node_time_seconds)) > <limit>',
    threshold: { value: 5, unit: 'seconds' },
    for: '10m',
    summary: `The clock of ${HOST} is wrong by {{ $value | humanizeDuration }}`,
    description: `The clocks of ${HOST} and of the machine that runs Prometheus differ by {{ $value | humanizeDuration }} (limit <limit>). Ages, replication lag and the times in logs cannot be trusted until one of them is set right; see that time synchronisation runs on both.`,
  }),
];
