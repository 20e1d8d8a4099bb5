/** `pgmon role print`: the SQL that makes the monitoring role, for people who run it themselves. Never a password. */
import { EXIT_CODES, UsageError } from '../../errors.ts';
import type { CommandResult } from '../../output/reporter.ts';
import { chooseServers } from '../choose-servers.ts';
import type { CommandContext } from '../context.ts';
import { loadStack, readTemplates } from '../load-stack.ts';
import type { RoleOptions } from './role-context.ts';

/** Without names: every server that pgmon does not run itself. */
export async function rolePrint(context: CommandContext, options: RoleOptions): Promise<CommandResult> {
  const { stack } = await loadStack(context, options);
  const chosen = chooseServers(stack, options.servers);
  const servers = options.servers.length > 0 ? chosen : chosen.filter(({ isBundled }) => !isBundled);
  if (servers.length === 0) {
    throw new UsageError('the spec has no server that needs a role made by hand', {
      hint: 'pgmon makes the role of a bundled server itself; name one with --server to see its SQL',
    });
  }
  const { printRoleScript } = await import('../../render/sql.ts');
  const templates = await readTemplates(context.host, { grafana: null });
  const users = servers.map(({ user }) => user);
  const sql = printRoleScript(stack, users, { version: context.version, templates });
  const json = { sql, servers: servers.map(({ name, user }) => ({ server: name, user })) };
  return { exitCode: EXIT_CODES.done, text: sql, json };
}
