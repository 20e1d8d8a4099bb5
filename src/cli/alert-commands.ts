/** `pgmon alert …`: flags and how they become options. */
import type { GroupEntry, RunnableEntry } from './command-entry.ts';
import { stackOptions, textOf } from './flags.ts';

const test: RunnableEntry = {
  kind: 'command',
  usage: 'test',
  summary: 'send a test alert to each receiver and say which took it; exit 6 when one did not',
  description:
    'Send a test alert through the running Alertmanager to each receiver, or to one, past all routes and mute times, and say which of them took it. People get the message, and a minute later that it is over.',
  flags: [{ syntax: '--receiver <name>', description: 'only this receiver' }],
  isStackCommand: true,
  examples: ['pgmon alert test', 'pgmon alert test --receiver on-call'],
  run: async (context, values) => {
    const { alertTest } = await import('../commands/alert-test.ts');
    const receiver = textOf(values, 'receiver');
    return alertTest(context, { ...stackOptions(values), ...(receiver !== undefined && { receiver }) });
  },
};

export const ALERT_COMMANDS: GroupEntry = {
  kind: 'group',
  usage: 'alert',
  summary: 'the way of an alert to people: try it',
  commands: [test],
};
