/** `pgmon role remove`: drops the monitoring role and its rights on each server. Refuses a role that pgmon would not have made. */
import { observeRemoval, type RoleToRemove, removeRole } from '../../apply/role/remove-role.ts';
import { EXIT_CODES } from '../../errors.ts';
import type { CommandResult } from '../../output/reporter.ts';
import { sqlIdentifier } from '../../stack/sql-text.ts';
import type { Server } from '../../stack/stack.ts';
import type { CommandContext } from '../context.ts';
import { confirmRoles } from './confirm.ts';
import { forEachServer } from './each-server.ts';
import { type AdminOptions, adminOf } from './role-admin.ts';
import { openRoleWork } from './role-context.ts';
import { formatOutcomes, outcomesToJson, type RoleOutcome } from './role-text.ts';

const KEPT = 'removed; the extension pg_stat_statements stays';

function outcome(server: Server, status: RoleOutcome['status'], summary: string): RoleOutcome {
  const about = { server: server.name, user: server.user };
  return { ...about, status, summary, statements: [], findings: [], hint: null };
}

async function plan(server: Server, target: RoleToRemove): Promise<RoleOutcome> {
  const { exists, isReplica } = await observeRemoval(target);
  if (isReplica) return outcome(server, 'skipped', 'a replica: its roles come from its primary');
  if (!exists) return outcome(server, 'ok', `has no role ${server.user}`);
  const name = sqlIdentifier(server.user);
  const statements = [`DROP OWNED BY ${name}`, `DROP ROLE ${name}`];
  return { ...outcome(server, 'ok', 'would run'), statements };
}

/** Exit code 5 when a server failed. A role that is not there is success. */
export async function roleRemove(context: CommandContext, options: AdminOptions): Promise<CommandResult> {
  const work = await openRoleWork(context, options, { create: false });
  const targets = new Map<string, RoleToRemove>();
  for (const server of work.servers) {
    const open = await adminOf(context, options, work, server);
    targets.set(server.name, { open, role: server.user, database: server.database });
  }
  const targetOf = ({ name }: Server): RoleToRemove => {
    const target = targets.get(name);
    if (target === undefined) throw new Error(`no admin for ${name}`);
    return target;
  };
  const planned = await forEachServer(context, work.servers, (server) => plan(server, targetOf(server)));
  const doing = work.servers.filter(({ name }) =>
    planned.some(({ server, statements }) => server === name && statements.length > 0),
  );
  if (doing.length > 0) {
    const message = 'Drop these roles? The stack stops seeing the servers.';
    await confirmRoles(context, options, { planned, message, isHarmless: false });
  }
  const done = await forEachServer(context, doing, async (server) => {
    const statements = await removeRole(targetOf(server));
    return { ...outcome(server, 'changed', KEPT), statements };
  });
  const outcomes = planned.map((one) => done.find(({ server }) => server === one.server) ?? one);
  return {
    exitCode: outcomes.some(({ status }) => status === 'failed') ? EXIT_CODES.apply : EXIT_CODES.done,
    text: formatOutcomes(outcomes),
    json: outcomesToJson(outcomes),
  };
}
