/** What the exporter says about its own process. */
import type { Family } from './write-metrics.ts';

/** Of one server, since the process began. */
export interface Counts {
  probes: number;
  failures: number;
}

/** For /metrics. */
export function processFamilies(counts: ReadonlyMap<string, Counts>): readonly Family[] {
  const perServer = (key: keyof Counts) =>
    [...counts].map(([server, count]) => ({ labels: { target: server }, value: count[key] }));
  const one = (value: number, labels = {}) => [{ labels, value }];
  return [
    {
      name: 'pgmon_sql_exporter_build_info',
      help: 'Version of Node.js; always 1.',
      type: 'gauge',
      samples: one(1, { node: process.versions.node }),
    },
    {
      name: 'pgmon_sql_exporter_probes_total',
      help: 'Probes begun.',
      type: 'counter',
      samples: perServer('probes'),
    },
    {
      name: 'pgmon_sql_exporter_probe_failures_total',
      help: 'Probes that could not ask the server.',
      type: 'counter',
      samples: perServer('failures'),
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, Unix time.',
      type: 'gauge',
      samples: one(Math.round(Date.now() / 1000 - process.uptime())),
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory of the process.',
      type: 'gauge',
      samples: one(process.memoryUsage.rss()),
    },
  ];
}
