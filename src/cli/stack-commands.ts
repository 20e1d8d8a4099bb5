/** Commands that look at or change the running stack: their flags and how these become options. */
import type { RunnableEntry } from './command-entry.ts';
import { isSet, namesOf, numberOf, stackOptions, textOf } from './flags.ts';
import { collectServers, parseDurationMs, parsePullPolicy, parseRuntime, parseTail } from './values.ts';

const timeoutFlag = (description: string) => ({
  syntax: '--timeout <duration>',
  description,
  parse: parseDurationMs,
});

const diff: RunnableEntry = {
  kind: 'command',
  usage: 'diff',
  summary: 'show what up would change; exit 10 when there is something',
  flags: [{ syntax: '--files-only', description: 'compare rendered files only; needs no Docker' }],
  isStackCommand: true,
  examples: ['pgmon diff', 'pgmon diff --files-only'],
  run: async (context, values) => {
    const { diff } = await import('../commands/diff.ts');
    return diff(context, { ...stackOptions(values), filesOnly: isSet(values, 'filesOnly') });
  },
};

const up: RunnableEntry = {
  kind: 'command',
  usage: 'up',
  summary: 'bring the stack to what the spec says and wait until it serves',
  description:
    'Bring the stack to what the spec says and wait until every service serves. Safe to repeat: a second run changes nothing. When it fails or is interrupted, what this run made is rolled back; data volumes are kept.',
  flags: [
    { syntax: '--dry-run', description: 'print the plan and change nothing' },
    timeoutFlag('how long services may take to become ready (e.g. 90s, 5m)'),
    { syntax: '--keep-on-failure', description: 'leave what was made for a look, instead of rolling back' },
    {
      syntax: '--pull <when>',
      description: 'fetch images: missing (default), always (ask the registry again), never',
      parse: parsePullPolicy,
    },
  ],
  isStackCommand: true,
  examples: ['pgmon up', 'pgmon up --dry-run', 'pgmon up -f stacks/demo.yaml --without grafana'],
  run: async (context, values) => {
    const { up } = await import('../commands/up.ts');
    const timeoutMs = numberOf(values, 'timeout');
    return up(context, {
      ...stackOptions(values),
      dryRun: isSet(values, 'dryRun'),
      keepOnFailure: isSet(values, 'keepOnFailure'),
      pull: parsePullPolicy(textOf(values, 'pull') ?? 'missing'),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  },
};

const status: RunnableEntry = {
  kind: 'command',
  usage: 'status',
  summary: 'show every service, target and address of the stack',
  flags: [
    { syntax: '-w, --watch', description: 'show it again and again until Ctrl-C' },
    {
      syntax: '--interval <duration>',
      description: 'time between two looks with --watch',
      parse: parseDurationMs,
    },
  ],
  isStackCommand: true,
  examples: ['pgmon status', 'pgmon status --watch --interval 5s', 'pgmon status --json'],
  run: async (context, values) => {
    const { status } = await import('../commands/status.ts');
    const intervalMs = numberOf(values, 'interval');
    return status(context, {
      ...stackOptions(values),
      watch: isSet(values, 'watch'),
      ...(intervalMs !== undefined && { intervalMs }),
    });
  },
};

const check: RunnableEntry = {
  kind: 'command',
  usage: 'check',
  summary: 'prove every hop from SQL login to fresh samples; exit 6 when one fails',
  flags: [
    {
      syntax: '--panels',
      description: 'also ask every query of every dashboard: data, empty by design, or broken',
    },
    {
      syntax: '--server <names>',
      description: 'with --panels: look at these servers only (comma-separated, repeatable)',
      parse: collectServers,
    },
    { syntax: '--junit <file>', description: 'write the results as JUnit XML too' },
    {
      syntax: '--wait <duration>',
      description: 'try again until all pass, for at most this long',
      parse: parseDurationMs,
    },
  ],
  isStackCommand: true,
  examples: [
    'pgmon check',
    'pgmon check --wait 1m --junit check.xml',
    'pgmon check --panels --server orders',
  ],
  run: async (context, values) => {
    const { check } = await import('../commands/check.ts');
    const junit = textOf(values, 'junit');
    const waitMs = numberOf(values, 'wait');
    return check(context, {
      ...stackOptions(values),
      panels: isSet(values, 'panels'),
      servers: namesOf(values, 'server'),
      ...(junit !== undefined && { junit }),
      ...(waitMs !== undefined && { waitMs }),
    });
  },
};

const logs: RunnableEntry = {
  kind: 'command',
  usage: 'logs [services...]',
  summary: 'print the logs of all services, or of the named ones',
  flags: [
    { syntax: '-F, --follow', description: 'go on until Ctrl-C' },
    {
      syntax: '--tail <lines>',
      description: 'start with the last lines of each service (a number, or all)',
      parse: parseTail,
    },
    { syntax: '-t, --timestamps', description: 'put the time before each line' },
    {
      syntax: '--since <when>',
      description: 'not older than a duration (10m) or a time (2026-01-31T12:00:00Z)',
    },
  ],
  isStackCommand: true,
  examples: ['pgmon logs', 'pgmon logs prometheus grafana -F --tail 20'],
  run: async (context, values, services) => {
    const { logs } = await import('../commands/logs.ts');
    const since = textOf(values, 'since');
    const tail = values.tail === 'all' ? 'all' : numberOf(values, 'tail');
    return logs(context, {
      ...stackOptions(values),
      services,
      follow: isSet(values, 'follow'),
      timestamps: isSet(values, 'timestamps'),
      ...(tail !== undefined && { tail }),
      ...(since !== undefined && { since }),
    });
  },
};

const down: RunnableEntry = {
  kind: 'command',
  usage: 'down',
  summary: 'stop and remove the stack; data stays unless --volumes',
  description:
    'Stop and remove the stack. Data stays unless --volumes. With --purge rendered files and secrets go too, and with `runtime: native` the system users and programs that pgmon brought and nothing else uses; what belongs to data that stays (generated passwords, its owners) stays with it.',
  flags: [
    { syntax: '--volumes', description: 'remove the data as well (asks; --yes confirms)' },
    {
      syntax: '--purge',
      description: 'remove all that up wrote and installed: files, secrets, native users and programs (asks)',
    },
    timeoutFlag('how long a service may take to stop before it is killed'),
    { syntax: '--name <stack>', description: 'the stack by name, when its spec is gone' },
    {
      syntax: '--runtime <runtime>',
      description: 'of a stack given by name: docker or native (default: native when /etc/pgmon has it)',
      parse: parseRuntime,
    },
  ],
  isStackCommand: true,
  examples: ['pgmon down', 'pgmon down --volumes --yes', 'pgmon down --purge', 'pgmon down --name demo'],
  run: async (context, values) => {
    const { down } = await import('../commands/down.ts');
    const timeoutMs = numberOf(values, 'timeout');
    const name = textOf(values, 'name');
    const runtime = textOf(values, 'runtime');
    return down(context, {
      ...stackOptions(values),
      volumes: isSet(values, 'volumes'),
      purge: isSet(values, 'purge'),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(name !== undefined && { name }),
      ...(runtime !== undefined && { runtime: parseRuntime(runtime) }),
    });
  },
};

export const STACK_COMMANDS: readonly RunnableEntry[] = [diff, up, status, check, logs, down];
