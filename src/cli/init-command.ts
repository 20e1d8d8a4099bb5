/** `pgmon init`: a flag for every question. */
import type { RunnableEntry } from './command-entry.ts';
import { type FlagValues, globalOptions, isSet } from './flags.ts';
import { parseRuntime } from './values.ts';

/** Flags whose value is text, by option name. */
const TEXT_FLAGS = [
  'name',
  'host',
  'port',
  'database',
  'user',
  'passwordEnv',
  'passwordFile',
  'environment',
  'webhook',
] as const;
const SWITCHES = ['bundled', 'passwordless', 'grafana'] as const;

/** Only flags that were given: what is absent is asked for. */
function given<T>(values: FlagValues, names: readonly string[], isWanted: (value: unknown) => value is T) {
  const pairs = names.flatMap((name) => {
    const value = values[name];
    return isWanted(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isSwitch = (value: unknown): value is boolean => typeof value === 'boolean';

export const INIT_COMMAND: RunnableEntry = {
  kind: 'command',
  usage: 'init',
  summary: 'ask a few questions and write a commented spec',
  description:
    'Ask a few questions and write a commented spec. Every question has a flag; with --yes those not answered by one take their default.',
  flags: [
    { syntax: '--name <stack>', description: 'name of the stack' },
    {
      syntax: '--runtime <runtime>',
      description: 'what runs the services: docker (default), or native for systemd units',
      parse: parseRuntime,
    },
    { syntax: '--bundled', description: 'run a PostgreSQL of its own, to try things out' },
    { syntax: '--host <host>', description: 'host name or address of the server to watch' },
    { syntax: '--port <port>', description: 'its port' },
    { syntax: '--database <name>', description: 'the database to connect to' },
    { syntax: '--user <role>', description: 'the monitoring role' },
    { syntax: '--password-env <name>', description: "the environment variable with the role's password" },
    { syntax: '--password-file <path>', description: 'the file with the password' },
    { syntax: '--passwordless', description: 'the server asks for no password' },
    {
      syntax: '--environment <name>',
      description: 'label on everything that comes from the server, e.g. prod',
    },
    { syntax: '--webhook <url>', description: 'where alerts are posted; empty for nowhere' },
    { syntax: '--grafana', description: 'with Grafana' },
    { syntax: '--no-grafana', description: 'without Grafana' },
    { syntax: '--force', description: 'overwrite the file' },
  ],
  examples: [
    'pgmon init',
    'pgmon init --yes',
    'pgmon init --runtime native',
    'pgmon init --host db1.example.com --password-env ORDERS_PASSWORD --environment prod --yes',
  ],
  run: async (context, values) => {
    const { init } = await import('../commands/init.ts');
    const { runtime } = values;
    return init(context, {
      ...globalOptions(values),
      ...given(values, TEXT_FLAGS, isText),
      ...given(values, SWITCHES, isSwitch),
      ...(isText(runtime) && { runtime: parseRuntime(runtime) }),
      force: isSet(values, 'force'),
    });
  },
};
