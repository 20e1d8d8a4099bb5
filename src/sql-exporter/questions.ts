/** What the exporter asks for its own use: what kind of server this is, and which databases it has. */
import type { PostgresSession } from '../host/postgres-session.ts';
import type { ServerFacts } from './memory.ts';

const FACTS = `SELECT current_setting('server_version') AS version,
  current_setting('server_version_num') AS version_num,
  pg_catalog.pg_is_in_recovery() AS is_replica`;

/** Sizes are asked, which reads the files' sizes of every database, only where not all databases are taken. */
function databasesSql(maxDatabases: number): string {
  return `SELECT datname AS name, has_database_privilege(oid, 'CONNECT') AS may_connect
FROM pg_catalog.pg_database
WHERE datallowconn AND NOT datistemplate AND datconnlimit <> -2
ORDER BY 2 DESC,
  CASE WHEN count(*) OVER () > ${maxDatabases} AND has_database_privilege(oid, 'CONNECT')
    THEN pg_catalog.pg_database_size(oid) END DESC NULLS LAST, datname`;
}

export async function askFacts(session: PostgresSession): Promise<ServerFacts> {
  const [row] = await session.query(FACTS);
  return {
    version: String(row?.version),
    versionNum: Number(row?.version_num),
    isReplica: row?.is_replica === true,
  };
}

export interface FoundDatabases {
  /** Those to watch, the largest first. */
  readonly names: readonly string[];
  /** How many others there are: beyond the limit, or without the right to connect. */
  readonly skipped: number;
}

export async function askDatabases(session: PostgresSession, maxDatabases: number): Promise<FoundDatabases> {
  const rows = await session.query(databasesSql(maxDatabases));
  const open = rows.filter((row) => row.may_connect === true).map(({ name }) => String(name));
  const names = open.slice(0, maxDatabases);
  return { names, skipped: rows.length - names.length };
}
