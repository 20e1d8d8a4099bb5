/** What a server says about one role, in one question that any role may ask. */
import { sqlLiteral } from '../sql-text.ts';

export interface RoleState {
  readonly version: string;
  readonly versionNumber: number;
  readonly isReplica: boolean;
  readonly isEncrypted: boolean;
  readonly exists: boolean;
  /** Attributes that it has beyond LOGIN, as ALTER ROLE names them: `SUPERUSER`, `CREATEROLE`, … */
  readonly powers: readonly string[];
  readonly canLogin: boolean;
  readonly connectionLimit: number;
  /** `name=value`, as pg_roles.rolconfig holds them. */
  readonly settings: readonly string[];
  /** Roles it is a direct member of, sorted. */
  readonly memberOf: readonly string[];
  /** Has the rights of pg_monitor without SET ROLE. */
  readonly isMonitor: boolean;
  /** That take connections, templates left out; sorted. */
  readonly databases: readonly { readonly name: string; readonly canConnect: boolean }[];
  /** Null: the one who asks may not know. */
  readonly isPreloaded: boolean | null;
  readonly hasStatements: boolean;
  /** Tables of the database asked that were granted to the role itself, quoted; at most `MAX_TABLES`. */
  readonly readableTables: readonly string[];
}

const MAX_TABLES = 5;

/** One row with `answer`. */
export function roleQuestion(role: string): string {
  const powers = [
    ['rolsuper', 'SUPERUSER'],
    ['rolcreaterole', 'CREATEROLE'],
    ['rolcreatedb', 'CREATEDB'],
    ['rolreplication', 'REPLICATION'],
    ['rolbypassrls', 'BYPASSRLS'],
  ].map(([column, name]) => `CASE WHEN r.${column} THEN '${name}' END`);
  return `SELECT json_build_object(
  'version', current_setting('server_version'),
  'versionNumber', current_setting('server_version_num')::int,
  'isReplica', pg_is_in_recovery(),
  'isEncrypted', COALESCE((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()), false),
  'exists', r.oid IS NOT NULL,
  'powers', array_remove(ARRAY[${powers.join(', ')}], NULL),
  'canLogin', COALESCE(r.rolcanlogin, false),
  'connectionLimit', COALESCE(r.rolconnlimit, -1),
  'settings', COALESCE(r.rolconfig, '{}'),
  'memberOf', ARRAY(SELECT DISTINCT g.rolname::text FROM pg_catalog.pg_auth_members m
    JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1),
  'isMonitor', COALESCE(pg_has_role(r.oid, 'pg_monitor', 'USAGE'), false),
  'databases', (SELECT json_agg(json_build_object('name', d.datname, 'canConnect',
      COALESCE(has_database_privilege(r.oid, d.oid, 'CONNECT'), false)) ORDER BY d.datname)
    FROM pg_catalog.pg_database d WHERE d.datallowconn AND NOT d.datistemplate),
  'isPreloaded', (SELECT 'pg_stat_statements' = ANY (string_to_array(replace(setting, ' ', ''), ','))
    FROM pg_catalog.pg_settings WHERE name = 'shared_preload_libraries'),
  'hasStatements', EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_stat_statements'),
  'readableTables', ARRAY(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm', 'f', 'v') AND n.nspname !~ '^(pg_|information_schema$)'
      AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = r.oid AND a.privilege_type = 'SELECT')
    ORDER BY 1 LIMIT ${MAX_TABLES})
) AS answer FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_roles r ON r.rolname = ${sqlLiteral(role)}`;
}

const list = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

function databasesOf(value: unknown): RoleState['databases'] {
  return (Array.isArray(value) ? value : []).flatMap((item: unknown) => {
    const { name, canConnect } = (item ?? {}) as { readonly name?: unknown; readonly canConnect?: unknown };
    return typeof name === 'string' ? [{ name, canConnect: canConnect === true }] : [];
  });
}

/** The answer as a state; throws when it is none. */
export function readRoleState(answer: unknown): RoleState {
  const raw = (answer ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof raw.version !== 'string' || typeof raw.versionNumber !== 'number') {
    throw new Error('the login worked, but the answer holds no version');
  }
  return {
    version: raw.version,
    versionNumber: raw.versionNumber,
    isReplica: raw.isReplica === true,
    isEncrypted: raw.isEncrypted === true,
    exists: raw.exists === true,
    powers: list(raw.powers),
    canLogin: raw.canLogin === true,
    connectionLimit: typeof raw.connectionLimit === 'number' ? raw.connectionLimit : -1,
    settings: list(raw.settings),
    memberOf: list(raw.memberOf),
    isMonitor: raw.isMonitor === true,
    databases: databasesOf(raw.databases),
    isPreloaded: typeof raw.isPreloaded === 'boolean' ? raw.isPreloaded : null,
    hasStatements: raw.hasStatements === true,
    readableTables: list(raw.readableTables),
  };
}
