/** `pgmon top`: its flags and how these become options. */
import type { RunnableEntry } from './command-entry.ts';
import { isSet, numberOf, stackOptions } from './flags.ts';
import { parseDurationMs } from './values.ts';

export const TOP_COMMAND: RunnableEntry = {
  kind: 'command',
  usage: 'top [server]',
  summary: 'show the live essentials of a server in the terminal',
  description:
    'Show the live essentials of a server in the terminal, from the running Prometheus: sessions, transactions, cache hits, replication lag, waits, who blocks whom, top queries, firing alerts. Keys: q quits, n and p show the next and the previous server. Without a terminal, or with --once, one frame is printed.',
  flags: [
    { syntax: '--once', description: 'print one frame and end' },
    {
      syntax: '--interval <duration>',
      description: 'time between two looks (default: the scrape interval)',
      parse: parseDurationMs,
    },
  ],
  isStackCommand: true,
  examples: ['pgmon top', 'pgmon top app-db --interval 5s', 'pgmon top --once', 'pgmon top app-db --json'],
  run: async (context, values, [server]) => {
    const { top } = await import('../commands/top.ts');
    const intervalMs = numberOf(values, 'interval');
    return top(context, {
      ...stackOptions(values),
      once: isSet(values, 'once'),
      ...(server !== undefined && { server }),
      ...(intervalMs !== undefined && { intervalMs }),
    });
  },
};
