/** Logs in to a PostgreSQL server from this machine and asks one question. */
import { openPostgres, type PostgresLogin } from './postgres-session.ts';

export type { PostgresLogin } from './postgres-session.ts';

/** First row of the answer. Rejects with the driver's error (`code` = SQLSTATE or Node's); the message holds no password. */
export type QueryPostgres = (
  login: PostgresLogin,
  sql: string,
  signal: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

/** Logs in, asks, leaves. */
export const queryPostgres: QueryPostgres = async (login, sql, signal) => {
  const session = await openPostgres(login, { applicationName: 'pgmon check', signal });
  try {
    const rows = await session.query(sql);
    return rows[0] ?? {};
  } finally {
    // Not awaited: a server that hangs must not hold the check.
    void session.close();
  }
};
