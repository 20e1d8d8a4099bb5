/** `pgmon role verify`: logs in as the monitoring role and names every right that is missing, too much or unlike the spec. */
import { EXIT_CODES } from '../../errors.ts';
import type { CommandResult } from '../../output/reporter.ts';
import {
  assessRole,
  connectFinding,
  type FindingKind,
  type RoleFinding,
} from '../../stack/role/assess-role.ts';
import type { Server } from '../../stack/stack.ts';
import { isDatabaseRefused } from '../../verify/hops/sql-login.ts';
import type { CommandContext } from '../context.ts';
import { forEachServer } from './each-server.ts';
import { openRoleWork, type RoleOptions, type RoleWork, wishFor } from './role-context.ts';
import { formatOutcomes, outcomesToJson, type RoleOutcome } from './role-text.ts';

const WORDS: Readonly<Record<FindingKind, string>> = {
  missing: 'missing',
  excess: 'too much',
  limit: 'unlike the spec',
};

function summaryOf(findings: readonly RoleFinding[]): string {
  const counts = (['missing', 'excess', 'limit'] as const).flatMap((kind) => {
    const count = findings.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${WORDS[kind]}`];
  });
  return counts.join(', ');
}

async function look(work: RoleWork, server: Server): Promise<RoleOutcome> {
  const about = { server: server.name, user: server.user, statements: [], hint: null };
  const state = await work.askAsRole(server);
  const findings = assessRole(wishFor(work.stack, server), state);
  if (findings.length === 0) {
    return { ...about, status: 'ok', summary: `role ${server.user} is as the spec asks`, findings };
  }
  const where = state.isReplica ? ' (a replica: run the statements on its primary)' : '';
  return { ...about, status: 'incomplete', summary: `${summaryOf(findings)}${where}`, findings };
}

async function lookOrRefuse(work: RoleWork, server: Server): Promise<RoleOutcome> {
  try {
    return await look(work, server);
  } catch (error) {
    if (!isDatabaseRefused(error)) throw error;
    const about = { server: server.name, user: server.user, statements: [], hint: null };
    const findings = [connectFinding(server.user, server.database)];
    return { ...about, status: 'incomplete', summary: summaryOf(findings), findings };
  }
}

/** Exit code 6 when a server's role is not as it must be, or cannot log in. Changes nothing. */
export async function roleVerify(context: CommandContext, options: RoleOptions): Promise<CommandResult> {
  const work = await openRoleWork(context, options, { create: false });
  const outcomes = await forEachServer(context, work.servers, (server) => lookOrRefuse(work, server));
  const isFine = outcomes.every(({ status }) => status === 'ok');
  return {
    exitCode: isFine ? EXIT_CODES.done : EXIT_CODES.verify,
    text: formatOutcomes(outcomes),
    json: outcomesToJson(outcomes),
  };
}
