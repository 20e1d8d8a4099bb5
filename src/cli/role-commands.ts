/** `pgmon role …`: flags and how they become options. */
import type { AdminOptions } from '../commands/role/role-admin.ts';
import type { RoleOptions } from '../commands/role/role-context.ts';
import type { GroupEntry, RunnableEntry } from './command-entry.ts';
import { type Flag, type FlagValues, namesOf, stackOptions, textOf } from './flags.ts';
import { collectServers } from './values.ts';

const SERVER_FLAG: Flag = {
  syntax: '--server <names>',
  description: 'only these servers of the spec (comma-separated, repeatable)',
  parse: collectServers,
};

const ADMIN_FLAGS: readonly Flag[] = [
  SERVER_FLAG,
  {
    syntax: '--admin-user <role>',
    description: "role that may make roles; wins over the spec's servers[].admin",
  },
  { syntax: '--admin-password-env <name>', description: 'environment variable that holds its password' },
  { syntax: '--admin-password-file <path>', description: 'file that holds its password' },
];

function roleOptions(values: FlagValues): RoleOptions {
  return { ...stackOptions(values), servers: namesOf(values, 'server') };
}

function adminOptions(values: FlagValues): AdminOptions {
  const [adminUser, adminPasswordEnv, adminPasswordFile] = [
    textOf(values, 'adminUser'),
    textOf(values, 'adminPasswordEnv'),
    textOf(values, 'adminPasswordFile'),
  ];
  return {
    ...roleOptions(values),
    ...(adminUser !== undefined && { adminUser }),
    ...(adminPasswordEnv !== undefined && { adminPasswordEnv }),
    ...(adminPasswordFile !== undefined && { adminPasswordFile }),
  };
}

const print: RunnableEntry = {
  kind: 'command',
  usage: 'print',
  summary: 'print the SQL that makes the monitoring role; never a password',
  flags: [SERVER_FLAG],
  isStackCommand: true,
  examples: ['pgmon role print', 'pgmon role print --server orders | psql -h db1.example.com -U postgres'],
  run: async (context, values) =>
    (await import('../commands/role/role-print.ts')).rolePrint(context, roleOptions(values)),
};

const apply: RunnableEntry = {
  kind: 'command',
  usage: 'apply',
  summary: 'make or mend the monitoring role on every server, with the login of an admin',
  description:
    'Make or mend the monitoring role on every server: rights, limits, the extension pg_stat_statements, and the password when the one of the spec does not work. Shows the statements and asks, or takes --yes. Safe to repeat; takes no right away.',
  flags: ADMIN_FLAGS,
  isStackCommand: true,
  examples: [
    'pgmon role apply',
    'pgmon role apply --server orders --admin-user postgres --admin-password-env PGADMIN --yes',
  ],
  run: async (context, values) =>
    (await import('../commands/role/role-apply.ts')).roleApply(context, adminOptions(values)),
};

const verify: RunnableEntry = {
  kind: 'command',
  usage: 'verify',
  summary: 'log in as the monitoring role and name every right that is missing or too much; exit 6 then',
  flags: [SERVER_FLAG],
  isStackCommand: true,
  examples: ['pgmon role verify', 'pgmon role verify --json'],
  run: async (context, values) =>
    (await import('../commands/role/role-verify.ts')).roleVerify(context, roleOptions(values)),
};

const remove: RunnableEntry = {
  kind: 'command',
  usage: 'remove',
  summary: 'drop the monitoring role and its rights on every server',
  description:
    'Drop the monitoring role and its rights on every server. Refuses a role that is more than a monitoring role. Shows the statements and asks, or takes --yes.',
  flags: ADMIN_FLAGS,
  isStackCommand: true,
  examples: ['pgmon role remove --server orders'],
  run: async (context, values) =>
    (await import('../commands/role/role-remove.ts')).roleRemove(context, adminOptions(values)),
};

export const ROLE_COMMANDS: GroupEntry = {
  kind: 'group',
  usage: 'role',
  summary: 'print, make, verify or remove the monitoring role',
  commands: [print, apply, verify, remove],
};
