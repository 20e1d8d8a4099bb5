/** Brings the roles of a bundled server that has data already to the current passwords and limits, as SQL over its local socket. */
import type { BundledRole, BundledServer } from '../plan/operations.ts';
import { connectionLimitStatement, settingStatement } from '../stack/role/role-sql.ts';
import { sqlIdentifier, sqlLiteral } from '../stack/sql-text.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { type PsqlTarget, QUIET_SESSION, runPsql } from './psql.ts';
import { scramVerifier } from './scram.ts';

function limitStatements({ name, limits }: BundledRole): readonly string[] {
  if (limits === null) return [];
  const settings = limits.settings.map((setting) => settingStatement(name, setting));
  return [connectionLimitStatement(name, limits), ...settings].map((statement) => `${statement};`);
}

async function roleStatements(deps: ApplyDeps, role: BundledRole, secrets: ReadonlyMap<string, string>) {
  const password = secrets.get(role.password);
  const verifier = password === undefined ? null : await scramVerifier(password, deps.host.randomBytes(16));
  const name = sqlIdentifier(role.name);
  return [
    `SELECT format('CREATE ROLE %I LOGIN', ${sqlLiteral(role.name)})`,
    `  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${sqlLiteral(role.name)}) \\gexec`,
    ...(verifier === null ? [] : [`ALTER ROLE ${name} LOGIN PASSWORD ${sqlLiteral(verifier)};`]),
    ...role.memberOf.map((group) => `GRANT ${sqlIdentifier(group)} TO ${name};`),
    ...limitStatements(role),
  ];
}

async function buildSql(
  deps: ApplyDeps,
  server: BundledServer,
  secrets: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const roles = await Promise.all(server.roles.map((role) => roleStatements(deps, role, secrets)));
  const writers = server.roles.filter((role) => role.isWriter);
  return [
    ...QUIET_SESSION,
    ...roles.flat(),
    `SELECT format('CREATE DATABASE %I', ${sqlLiteral(server.database)})`,
    `  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = ${sqlLiteral(server.database)}) \\gexec`,
    `\\connect ${sqlIdentifier(server.database)}`,
    'SET client_min_messages = warning;',
    'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;',
    ...writers.map((role) => `GRANT CREATE ON SCHEMA public TO ${sqlIdentifier(role.name)};`),
  ];
}

/** Safe to repeat. Rejects with ApplyError carrying what psql said. */
export async function ensureRoles(
  deps: ApplyDeps,
  target: PsqlTarget & { readonly secrets: ReadonlyMap<string, string> },
  signal: AbortSignal,
): Promise<void> {
  await runPsql(deps, target, await buildSql(deps, target.server, target.secrets), signal);
}

/** Verifiers of the roles that exist, as statements that bring them back: a failing run restores the old secret files, too. */
export async function passwordsAsTheyAre(
  deps: Pick<ApplyDeps, 'provider'>,
  target: PsqlTarget,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = target.server.roles.map(({ name }) => sqlLiteral(name)).join(', ');
  const printed = await runPsql(
    deps,
    target,
    [
      "SELECT format('ALTER ROLE %I PASSWORD %L;', rolname, rolpassword)",
      `  FROM pg_catalog.pg_authid WHERE rolname IN (${names}) ORDER BY rolname;`,
    ],
    signal,
  );
  return printed === '' ? [] : [...QUIET_SESSION, ...printed.split('\n')];
}
