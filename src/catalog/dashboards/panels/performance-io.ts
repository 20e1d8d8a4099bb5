/** What PostgreSQL reads and writes, how long that takes, and what the machine says meanwhile. */
import { NO_IO_TIMING, NO_KCACHE, NO_NODE_EXPORTER, NO_SQL_EXPORTER, versionBelow } from '../empty-when.ts';
import { query, timeSeries } from '../house-look.ts';
import { OF_DATABASES, OF_SERVER } from './scopes.ts';

const minute = { everySeconds: 60 } as const;
const size = { width: 6, height: 7 } as const;
const IO_VIEW = [versionBelow(16), NO_SQL_EXPORTER] as const;

const bytesByProcess = (metric: string) =>
  query(
    `sum by (backend_type) (rate(pgmon_io_${metric}_bytes_total{${OF_SERVER}}[$__rate_interval]))`,
    '{{backend_type}}',
    minute,
  );

export const READS_BY_PROCESS = timeSeries({
  ...size,
  id: 'reads-by-process',
  title: 'Reads by Process Type (bytes/s)',
  text: {
    shows:
      'Bytes that each type of process of PostgreSQL asked of the operating system. Of the whole server, from pg_stat_io.',
    normal: 'Client backends do most of it; an autovacuum worker now and then.',
    action: 'Client backends read much: see 04-Queries. Autovacuum reads much for hours: see 09-Vacuum.',
  },
  unit: 'Bps',
  queries: [bytesByProcess('read')],
  isStacked: true,
  min: 0,
  emptyWhen: IO_VIEW,
});

export const WRITES_BY_PROCESS = timeSeries({
  ...size,
  id: 'writes-by-process',
  title: 'Writes by Process Type (bytes/s)',
  text: {
    shows:
      'Bytes that each type of process wrote to data files, without WAL. Of the whole server, from pg_stat_io.',
    normal: 'The checkpointer does most of it, in waves; clients write where files grow.',
    action:
      'Client backends write much although files do not grow: they have to clear shared buffers for themselves. Raise shared_buffers, or let the background writer do more.',
  },
  unit: 'Bps',
  queries: [bytesByProcess('write')],
  isStacked: true,
  min: 0,
  emptyWhen: IO_VIEW,
});

const ioTime = (direction: 'read' | 'write') =>
  `sum(rate(pg_stat_database_blk_${direction}_time{${OF_DATABASES}}[$__rate_interval]) / 1000 and on (instance) pg_settings_track_io_timing{${OF_SERVER}} == 1)`;

export const IO_TIME = timeSeries({
  ...size,
  id: 'io-time',
  title: 'Waiting for Data Files (sessions)',
  text: {
    shows:
      'Seconds per second that sessions of the chosen databases spent in reads and writes of data files; 1 = one session was busy with it all the time.',
    normal: 'Well below the number of active sessions.',
    action:
      'Close to the number of active sessions: the disk is the limit. Compare with the disks in 10-Host if PostgreSQL runs there. Needs track_io_timing, which costs next to nothing on most machines.',
  },
  unit: 'none',
  queries: [query(ioTime('read'), 'reading'), query(ioTime('write'), 'writing')],
  isStacked: true,
  min: 0,
  emptyWhen: [NO_IO_TIMING],
});

export const MACHINE_CPU = timeSeries({
  id: 'machine-cpu',
  title: "CPU of pgmon's Machine (%)",
  text: {
    shows:
      'Processors busy, and idle because programs wait for disks, on machines with a node-exporter: usually the one that pgmon runs on. It says something about PostgreSQL only where that runs there too, as a bundled server does.',
    normal: 'Busy below 70 %, waiting below 10 %.',
    action:
      'Busy: find the statements in 04-Queries. Waiting while PostgreSQL reads much: the disk is the limit. On another machine, look at its own monitoring.',
  },
  unit: 'percentunit',
  height: 7,
  queries: [
    query('instance:node_cpu_seconds_total:busy_ratio_rate5m', 'busy ({{instance}})'),
    query('instance:node_cpu_seconds_total:iowait_ratio_rate5m', 'waiting for disks ({{instance}})'),
  ],
  min: 0,
  max: 1,
  emptyWhen: [NO_NODE_EXPORTER],
  alert: 'HostHighCPU',
});

export const STATEMENT_CPU = timeSeries({
  id: 'statement-cpu',
  title: 'CPU of Statements by Database (processors)',
  text: {
    shows:
      'Processor time that statements took, in user and in system mode, from the extension pg_stat_kcache; 1 = one processor all the time. Read every 5 minutes.',
    normal: 'Well below the number of processors of the machine.',
    action:
      'The figure to trust where PostgreSQL runs on another machine. Close to the number of processors: find the statements in 04-Queries.',
  },
  unit: 'none',
  height: 7,
  queries: [
    query(
      `sum by (datname, mode) (rate(pgmon_kcache_cpu_seconds_total{${OF_DATABASES}}[$__rate_interval]))`,
      '{{datname}} {{mode}}',
      { everySeconds: 300 },
    ),
  ],
  isStacked: true,
  min: 0,
  emptyWhen: [NO_KCACHE, NO_SQL_EXPORTER],
});
