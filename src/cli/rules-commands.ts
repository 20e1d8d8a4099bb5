/** `pgmon rules …` and `pgmon runbook`: flags and how they become options. */
import type { CommandEntry, GroupEntry, RunnableEntry } from './command-entry.ts';
import { globalOptions, stackOptions, textOf } from './flags.ts';

const list: RunnableEntry = {
  kind: 'command',
  usage: 'list',
  summary: 'list every alert with its threshold and whether this spec has it on',
  isStackCommand: true,
  examples: ['pgmon rules list', 'pgmon rules list --json'],
  run: async (context, values) =>
    (await import('../commands/rules-list.ts')).rulesList(context, stackOptions(values)),
};

const test: RunnableEntry = {
  kind: 'command',
  usage: 'test',
  summary: 'prove with promtool that every alert fires, in time, and is silent when it must be',
  description:
    "Prove with promtool that every alert fires, in time, and is silent on healthy, idle and just-started servers. Runs a promtool on PATH, otherwise the one in the running stack's Prometheus container. Proved are the catalogue's thresholds with the durations and severities of the spec; what the spec changes beyond that is listed. Exit code 6 when a test fails.",
  flags: [
    { syntax: '--promtool <path>', description: 'the promtool to run' },
    { syntax: '--write <dir>', description: 'write rules and tests there and run nothing' },
  ],
  isStackCommand: true,
  examples: [
    'pgmon rules test',
    'pgmon rules test --promtool /opt/prometheus/promtool',
    'pgmon rules test --write rule-tests',
  ],
  run: async (context, values) => {
    const { rulesTest } = await import('../commands/rules-test.ts');
    const promtool = textOf(values, 'promtool');
    const write = textOf(values, 'write');
    return rulesTest(context, {
      ...stackOptions(values),
      ...(promtool !== undefined && { promtool }),
      ...(write !== undefined && { write }),
    });
  },
};

const RULES: GroupEntry = {
  kind: 'group',
  usage: 'rules',
  summary: 'the alerting rules: list them, prove them',
  commands: [list, test],
};

const RUNBOOK: RunnableEntry = {
  kind: 'command',
  usage: 'runbook [alert]',
  summary: 'print what an alert means and what to do about it',
  examples: ['pgmon runbook', 'pgmon runbook PostgreSQLDown'],
  run: async (context, values, [alert]) => {
    const { runbook } = await import('../commands/runbook.ts');
    return runbook(context, { ...globalOptions(values), alert });
  },
};

export const RULES_COMMANDS: readonly CommandEntry[] = [RULES, RUNBOOK];
