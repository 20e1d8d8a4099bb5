/** `pgmon role apply`: makes the monitoring role on each server, or mends it, with the login of an admin. Safe to repeat. */
import type { OpenAdmin } from '../../apply/role/admin-session.ts';
import { applicableFixes, applyRole, observeRole, refusePowerful } from '../../apply/role/apply-role.ts';
import { scramVerifier } from '../../apply/scram.ts';
import { EXIT_CODES } from '../../errors.ts';
import type { CommandResult } from '../../output/reporter.ts';
import { sqlIdentifier } from '../../stack/sql-text.ts';
import type { Server } from '../../stack/stack.ts';
import { causeOf } from '../../verify/causes.ts';
import type { CommandContext } from '../context.ts';
import { confirmRoles } from './confirm.ts';
import { forEachServer } from './each-server.ts';
import { type AdminOptions, adminOf } from './role-admin.ts';
import { openRoleWork, type RoleWork, wishFor } from './role-context.ts';
import { formatOutcomes, outcomesToJson, type RoleOutcome } from './role-text.ts';

interface Prepared {
  readonly server: Server;
  readonly open: OpenAdmin;
  readonly needsPassword: boolean;
  readonly planned: RoleOutcome;
}

function isPrepared(value: Prepared | RoleOutcome): value is Prepared {
  return 'planned' in value;
}

/** What stands for the password's statement wherever people look. */
function shownPassword({ user, password }: Server): string {
  return `ALTER ROLE ${sqlIdentifier(user)} LOGIN PASSWORD '(the value of ${password})'`;
}

/** Whether the server refused the spec's password; any other trouble with the login says nothing about it. */
async function isPasswordRefused(work: RoleWork, server: Server): Promise<boolean> {
  return work.askAsRole(server).then(
    () => false,
    (error: unknown) => causeOf(error, server.name).kind === 'password',
  );
}

async function prepare(work: RoleWork, server: Server, open: OpenAdmin): Promise<Prepared | RoleOutcome> {
  const session = await open(server.database);
  try {
    const wish = wishFor(work.stack, server);
    const observed = await observeRole(session, wish);
    const about = { server: server.name, user: server.user, findings: [], hint: null };
    if (observed.state.isReplica) {
      const summary = 'a replica: its roles come from its primary';
      return { ...about, status: 'skipped', summary, statements: [] };
    }
    refusePowerful(wish, observed);
    const needsPassword =
      server.password !== null && (!observed.state.exists || (await isPasswordRefused(work, server)));
    const fixes = applicableFixes(observed.findings);
    const statements = [...fixes, ...(needsPassword ? [shownPassword(server)] : [])];
    const summary = statements.length === 0 ? 'nothing to change' : 'would run';
    const planned: RoleOutcome = { ...about, status: 'ok', summary, statements };
    return { server, open, needsPassword, planned };
  } finally {
    await session.close();
  }
}

async function execute(context: CommandContext, work: RoleWork, prepared: Prepared): Promise<RoleOutcome> {
  const { server, open, needsPassword } = prepared;
  const session = await open(server.database);
  try {
    const password = server.password === null ? undefined : work.secrets.get(server.password);
    const verifier =
      needsPassword && password !== undefined
        ? await scramVerifier(password, context.host.randomBytes(16))
        : null;
    const { changes, left } = await applyRole(session, wishFor(work.stack, server), verifier);
    const statements = [...changes, ...(verifier === null ? [] : [shownPassword(server)])];
    const about = { server: server.name, user: server.user, statements, findings: left, hint: null };
    const done = statements.length === 0 ? 'nothing to change' : 'changed';
    if (left.length > 0) return { ...about, status: 'incomplete', summary: `${done}; left to you` };
    return { ...about, status: statements.length === 0 ? 'ok' : 'changed', summary: done };
  } finally {
    await session.close();
  }
}

/** One after the other, because each may ask for a password. */
async function openAdmins(context: CommandContext, options: AdminOptions, work: RoleWork) {
  const admins = new Map<string, OpenAdmin>();
  for (const server of work.servers) admins.set(server.name, await adminOf(context, options, work, server));
  return admins;
}

/** Exit code 5 when a server failed, else 0; what is left to people is in the result. */
export async function roleApply(context: CommandContext, options: AdminOptions): Promise<CommandResult> {
  const work = await openRoleWork(context, options, { create: true });
  const admins = await openAdmins(context, options, work);
  const prepared = await forEachServer(context, work.servers, async (server) => {
    const open = admins.get(server.name);
    if (open === undefined) throw new Error(`no admin for ${server.name}`);
    return prepare(work, server, open);
  });
  const planned = prepared.map((one) => (isPrepared(one) ? one.planned : one));
  if (planned.some(({ statements }) => statements.length > 0)) {
    await confirmRoles(context, options, { planned, message: 'Run these statements?', isHarmless: true });
  }
  const byName = new Map(
    prepared.flatMap((one) => (isPrepared(one) ? [[one.server.name, one] as const] : [])),
  );
  const doing = work.servers.filter(({ name }) => byName.has(name));
  const done = await forEachServer(context, doing, async (server) => {
    const one = byName.get(server.name);
    if (one === undefined) throw new Error(`nothing prepared for ${server.name}`);
    return execute(context, work, one);
  });
  const outcomes = planned.map((one) => done.find(({ server }) => server === one.server) ?? one);
  return {
    exitCode: outcomes.some(({ status }) => status === 'failed') ? EXIT_CODES.apply : EXIT_CODES.done,
    text: formatOutcomes(outcomes),
    json: outcomesToJson(outcomes),
  };
}
