/** Brings the monitoring role of one server to what the spec says. What is wrong is decided by `assessRole`. */
import { ApplyError } from '../../errors.ts';
import { assessRole, type RoleFinding, type RoleWish } from '../../stack/role/assess-role.ts';
import { STATEMENTS_EXTENSION } from '../../stack/role/role-sql.ts';
import { type RoleState, readRoleState, roleQuestion } from '../../stack/role/role-state.ts';
import { sqlIdentifier, sqlLiteral } from '../../stack/sql-text.ts';
import type { AdminSession } from './admin-session.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

export interface ObservedRole {
  readonly state: RoleState;
  readonly findings: readonly RoleFinding[];
}

export async function observeRole(session: AdminSession, wish: RoleWish): Promise<ObservedRole> {
  const state = readRoleState(await session.ask(roleQuestion(wish.server.user)));
  return { state, findings: assessRole(wish, state) };
}

/** The statements that applying would run. */
export function applicableFixes(findings: readonly RoleFinding[]): readonly string[] {
  return findings.flatMap(({ fix, isApplied }) => (isApplied && fix !== null ? [fix] : []));
}

/** Throws ApplyError for a role that is more than a monitoring role: pgmon takes no rights away. */
export function refusePowerful(wish: RoleWish, { state }: ObservedRole): void {
  const powers = state.powers.filter((power) => power === 'SUPERUSER' || power === 'CREATEROLE');
  if (powers.length === 0) return;
  throw new ApplyError(
    `the role ${wish.server.user} may do more than monitor: it is ${powers.join(' and ')}`,
    'role apply',
    { code: 'role-powerful', hint: 'name another role in the spec (servers[].user)' },
  );
}

/** `verifier`: what the server stores, never the password itself. */
function passwordStatement(role: string, verifier: string): string {
  return `ALTER ROLE ${sqlIdentifier(role)} LOGIN PASSWORD ${sqlLiteral(verifier)}`;
}

export interface RoleChange {
  /** What was run, without the password's statement. */
  readonly changes: readonly string[];
  /** What is left that pgmon does not do. */
  readonly left: readonly RoleFinding[];
}

/** Only a superuser may make the extension; an admin who is none does the rest. True when it was made. */
async function tryExtension(session: AdminSession, fixes: readonly string[]): Promise<boolean> {
  if (!fixes.includes(STATEMENTS_EXTENSION)) return false;
  try {
    await session.run([STATEMENTS_EXTENSION]);
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    return false;
  }
}

const withoutExtension = (fixes: readonly string[]) => fixes.filter((fix) => fix !== STATEMENTS_EXTENSION);

/** Safe to repeat. A new role's rights on databases are seen only once it exists: hence a second look. */
export async function applyRole(
  session: AdminSession,
  wish: RoleWish,
  verifier: string | null,
): Promise<RoleChange> {
  const first = await observeRole(session, wish);
  refusePowerful(wish, first);
  const fixes = applicableFixes(first.findings);
  const own = withoutExtension(fixes);
  const password = verifier === null ? [] : [passwordStatement(wish.server.user, verifier)];
  if (own.length + password.length > 0) await session.run([...own, ...password]);
  const extension = (await tryExtension(session, fixes)) ? [STATEMENTS_EXTENSION] : [];
  const second = await observeRole(session, wish);
  const more = withoutExtension(applicableFixes(second.findings));
  if (more.length > 0) await session.run(more);
  const left = more.length > 0 ? (await observeRole(session, wish)).findings : second.findings;
  return { changes: [...own, ...extension, ...more], left };
}
