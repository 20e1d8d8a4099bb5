/** Takes the monitoring role off one server, with every right that was granted to it. Refuses a role that is more than that. */
import { ApplyError } from '../../errors.ts';
import { sqlIdentifier, sqlLiteral } from '../../stack/sql-text.ts';
import type { OpenAdmin } from './admin-session.ts';

interface Traces {
  readonly exists: boolean;
  readonly isReplica: boolean;
  /** Why pgmon did not make this role, in words. */
  readonly reasons: readonly string[];
  /** Databases with rights of the role inside. */
  readonly databases: readonly string[];
}

function question(role: string): string {
  const oid = `(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ${sqlLiteral(role)})`;
  const known = `('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables', 'pg_use_reserved_connections')`;
  const owns = `FROM pg_catalog.pg_shdepend s WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = ${oid}`;
  return `SELECT json_build_object(
  'exists', ${oid} IS NOT NULL,
  'isReplica', pg_is_in_recovery(),
  'reasons', (SELECT array_remove(ARRAY[
      CASE WHEN r.rolsuper THEN 'it is a superuser' END,
      CASE WHEN r.rolcreaterole THEN 'it may make roles' END,
      CASE WHEN r.rolcreatedb THEN 'it may make databases' END,
      CASE WHEN r.rolreplication THEN 'it may replicate' END,
      CASE WHEN r.rolbypassrls THEN 'it bypasses row security' END,
      CASE WHEN r.rolname = current_user THEN 'it is the one logged in' END,
      CASE WHEN EXISTS (SELECT ${owns} AND s.deptype = 'o') THEN 'it owns objects' END,
      (SELECT 'it is a member of ' || string_agg(DISTINCT g.rolname, ', ') FROM pg_catalog.pg_auth_members m
         JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname NOT IN ${known})
    ], NULL) FROM pg_catalog.pg_roles r WHERE r.oid = ${oid}),
  'databases', ARRAY(SELECT DISTINCT d.datname::text FROM pg_catalog.pg_database d WHERE d.datallowconn AND d.oid IN
      (SELECT s.dbid ${owns}) ORDER BY 1)
) AS answer`;
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function readTraces(answer: unknown): Traces {
  const raw = (answer ?? {}) as Readonly<Record<string, unknown>>;
  return {
    exists: raw.exists === true,
    isReplica: raw.isReplica === true,
    reasons: list(raw.reasons),
    databases: list(raw.databases),
  };
}

export interface RoleToRemove {
  readonly open: OpenAdmin;
  readonly role: string;
  /** The one to start in. */
  readonly database: string;
}

async function inDatabase<T>(
  { open }: RoleToRemove,
  database: string,
  work: (session: Awaited<ReturnType<OpenAdmin>>) => Promise<T>,
): Promise<T> {
  const session = await open(database);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** What stands in the way or is to be done; throws ApplyError for a role that pgmon would not have made. */
export async function observeRemoval(target: RoleToRemove): Promise<Traces> {
  const answer = await inDatabase(target, target.database, (session) => session.ask(question(target.role)));
  const traces = readTraces(answer);
  if (traces.isReplica || traces.reasons.length === 0) return traces;
  throw new ApplyError(
    `the role ${target.role} was not made by pgmon: ${traces.reasons.join('; ')}`,
    'role remove',
    {
      code: 'role-not-ours',
      hint: `correct servers[].user in the spec, or remove the role by hand`,
    },
  );
}

/** Statements that were run. Rights inside each database go first, because only from there can they be dropped. */
export async function removeRole(target: RoleToRemove): Promise<readonly string[]> {
  const name = sqlIdentifier(target.role);
  const { exists, databases } = await observeRemoval(target);
  if (!exists) return [];
  for (const database of databases.filter((one) => one !== target.database)) {
    await inDatabase(target, database, (session) => session.run([`DROP OWNED BY ${name}`]));
  }
  const last = [`DROP OWNED BY ${name}`, `DROP ROLE ${name}`];
  await inDatabase(target, target.database, (session) => session.run(last));
  return last;
}
