/** A database asked and changed by somebody who may make roles: over the network, over the local socket as the system user of that name, or as the superuser in a bundled server. */
import type { Host } from '../../host/host.ts';
import { type LocalLogin, runLocalPsql } from '../../host/local-psql.ts';
import { openPostgres, type PostgresLogin } from '../../host/postgres-session.ts';
import type { Provider } from '../../providers/provider.ts';
import { sqlIdentifier } from '../../stack/sql-text.ts';
import { QUIET_SESSION, runPsql } from '../psql.ts';

export interface AdminSession {
  /** The column `answer` of the first row. */
  readonly ask: (sql: string) => Promise<unknown>;
  /** All of them or none, without `;`. */
  readonly run: (statements: readonly string[]) => Promise<void>;
  /** Never rejects. */
  readonly close: () => Promise<void>;
}

/** Rejects with the driver's error, or with ApplyError for a bundled server. */
export type OpenAdmin = (database: string) => Promise<AdminSession>;

/** Nobody's objects may hide the server's own from a superuser. */
const SEARCH_PATH = { search_path: 'pg_catalog' };

/** `login.database` is replaced. */
export function adminOverNetwork(login: Omit<PostgresLogin, 'database'>, signal: AbortSignal): OpenAdmin {
  return async (database) => {
    const settings = { applicationName: 'pgmon role', parameters: SEARCH_PATH, signal };
    const { query, close } = await openPostgres({ ...login, database }, settings);
    return {
      ask: async (sql) => (await query(sql))[0]?.answer,
      run: async (statements) => {
        // Only a superuser may turn the log off. For others it stays on: a verifier is no password.
        for (const statement of QUIET_SESSION) await query(statement).catch(() => undefined);
        await query('BEGIN');
        try {
          for (const statement of statements) await query(statement);
          await query('COMMIT');
        } catch (error) {
          await query('ROLLBACK').catch(() => undefined);
          throw error;
        }
      },
      close,
    };
  };
}

/** With peer authentication: psql runs as the admin's system user, and each call logs in anew. */
export function adminOverSocket(
  host: Pick<Host, 'exec' | 'uid'>,
  login: Omit<LocalLogin, 'database'>,
  signal: AbortSignal,
): OpenAdmin {
  return async (database) => {
    const psql = (statements: readonly string[]) => {
      // Only a superuser may turn the log off. For others it stays on: a verifier is no password.
      const quiet = ['\\set ON_ERROR_STOP 0', ...QUIET_SESSION, '\\set ON_ERROR_STOP 1'];
      const lines = ['SET search_path = pg_catalog;', ...quiet, ...statements.map((one) => `${one};`)];
      return runLocalPsql(host, { ...login, database }, `${lines.join('\n')}\n`, signal);
    };
    return {
      ask: async (sql) => JSON.parse(await psql([sql])) as unknown,
      run: async (statements) => void (await psql(['BEGIN', ...statements, 'COMMIT'])),
      close: async () => undefined,
    };
  };
}

export interface BundledAdmin {
  readonly provider: Pick<Provider, 'exec'>;
  readonly containerId: string;
  readonly superuser: string;
}

export function adminInContainer(bundled: BundledAdmin, signal: AbortSignal): OpenAdmin {
  const { provider, containerId, superuser } = bundled;
  // Roles and data are no part of what runPsql needs to know.
  const server = { superuser, database: superuser, roles: [], volume: '' };
  return async (database) => {
    const psql = (statements: readonly string[]) => {
      const place = [`\\connect ${sqlIdentifier(database)}`, 'SET search_path = pg_catalog;'];
      const lines = [...place, ...QUIET_SESSION, ...statements.map((statement) => `${statement};`)];
      return runPsql({ provider }, { server, containerId }, lines, signal);
    };
    return {
      ask: async (sql) => JSON.parse(await psql([sql])) as unknown,
      run: async (statements) => void (await psql(['BEGIN', ...statements, 'COMMIT'])),
      close: async () => undefined,
    };
  };
}
