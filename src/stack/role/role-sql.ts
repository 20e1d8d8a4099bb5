/** The statements that make and limit the monitoring role: the same ones for scripts, for `pgmon role` and for the bundled server. */
import { sqlIdentifier, sqlLiteral } from '../sql-text.ts';

export interface RoleSetting {
  readonly name: string;
  /** As pg_roles.rolconfig shows it. */
  readonly value: string;
}

/** What a role may use at most. */
export interface RoleLimits {
  readonly connections: number;
  /** Parameters that each of its sessions begins with. */
  readonly settings: readonly RoleSetting[];
}

const ATTRIBUTES = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION';
/** Parameters that are lists: quoted as a whole they would be one odd name. */
const LISTS: readonly string[] = ['search_path'];

export function settingStatement(role: string, { name, value }: RoleSetting): string {
  const text = LISTS.includes(name)
    ? value
        .split(',')
        .map((part) => sqlIdentifier(part.trim()))
        .join(', ')
    : sqlLiteral(value);
  return `ALTER ROLE ${sqlIdentifier(role)} SET ${name} = ${text}`;
}

export function createStatement(role: string, { connections }: RoleLimits): string {
  return `CREATE ROLE ${sqlIdentifier(role)} ${ATTRIBUTES} CONNECTION LIMIT ${connections}`;
}

export function connectionLimitStatement(role: string, { connections }: RoleLimits): string {
  return `ALTER ROLE ${sqlIdentifier(role)} CONNECTION LIMIT ${connections}`;
}

export function monitorStatement(role: string): string {
  return `GRANT pg_monitor TO ${sqlIdentifier(role)}`;
}

export function connectStatement(role: string, database: string): string {
  return `GRANT CONNECT ON DATABASE ${sqlIdentifier(database)} TO ${sqlIdentifier(role)}`;
}

/** With the schema named, because sessions of pgmon look into pg_catalog only. */
export const STATEMENTS_EXTENSION = 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public';

function ensureBlock(role: string, limits: RoleLimits): string {
  const same = `rolname = ${sqlLiteral(role)}`;
  const body = `BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE ${same} AND (rolsuper OR rolcreaterole)) THEN
    RAISE EXCEPTION 'the role may do more than monitor: name another one in the spec';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE ${same}) THEN
    ${createStatement(role, limits)};
  END IF;
END`;
  return `DO ${sqlLiteral(body)}`;
}

/** Everything but the password, safe to repeat; the server refuses it for a role that may do more than monitor. */
export function ensureStatements(role: string, limits: RoleLimits): readonly string[] {
  return [
    ensureBlock(role, limits),
    connectionLimitStatement(role, limits),
    monitorStatement(role),
    ...limits.settings.map((setting) => settingStatement(role, setting)),
  ];
}
