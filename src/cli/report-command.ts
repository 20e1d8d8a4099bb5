/** `pgmon report`: its flags and how these become options. */
import type { RunnableEntry } from './command-entry.ts';
import { namesOf, stackOptions, textOf } from './flags.ts';
import { collectServers } from './values.ts';

export const REPORT_COMMAND: RunnableEntry = {
  kind: 'command',
  usage: 'report',
  summary: 'write a health report of a time range as one HTML file',
  description:
    'Write a health report of a time range as one HTML file that opens offline, prints and can be mailed: a verdict for each server, findings with what to do, charts and tables of the dashboards. Needs the running Prometheus, no Grafana. Exit code 0 also with findings.',
  flags: [
    {
      syntax: '--server <names>',
      description: 'only these servers, in full detail (comma-separated, repeatable)',
      parse: collectServers,
    },
    { syntax: '--since <duration>', description: 'the time until now, e.g. 6h or 7d (default: 24h)' },
    { syntax: '--from <time>', description: 'begin, e.g. 2026-01-31T12:00 (UTC unless it says otherwise)' },
    { syntax: '--to <time>', description: 'end (default: now)' },
    {
      syntax: '--output <file>',
      description: 'the file, or - for stdout (default: pgmon-report-<stack>-<end>.html)',
    },
  ],
  isStackCommand: true,
  examples: [
    'pgmon report',
    'pgmon report --since 7d --output weekly.html',
    'pgmon report --server app-db --from 2026-01-31T08:00 --to 2026-01-31T10:00',
    'pgmon report --json',
  ],
  run: async (context, values) => {
    const { report } = await import('../commands/report/report.ts');
    const [since, from, to, output] = ['since', 'from', 'to', 'output'].map((name) => textOf(values, name));
    return report(context, {
      ...stackOptions(values),
      servers: namesOf(values, 'server'),
      ...(since !== undefined && { since }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(output !== undefined && { output }),
    });
  },
};
