/** Logs in to a PostgreSQL server from this machine and asks one question, with libpq's meaning of the SSL modes. */
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { SslMode } from '../stack/stack.ts';

export interface PostgresLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  readonly sslMode: SslMode;
  /** PEM texts; null where there is none. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly timeoutMs: number;
}

/** First row of the answer. Rejects with the driver's error (`code` = SQLSTATE or Node's); the message holds no password. */
export type QueryPostgres = (
  login: PostgresLogin,
  sql: string,
  signal: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

/** TLS settings; false = plain text. */
function tlsSettings(login: PostgresLogin): false | ConnectionOptions {
  const { sslMode: mode } = login;
  if (mode === 'disable') return false;
  // libpq: `require` with a CA given behaves as verify-ca.
  const isVerified = mode !== 'require' || login.ca !== null;
  const base: ConnectionOptions = {
    rejectUnauthorized: isVerified,
    // The driver wraps an open socket, so that Node would check an IP address against "localhost".
    checkServerIdentity: (_name, certificate) =>
      mode === 'verify-full' ? checkServerIdentity(login.host, certificate) : undefined,
  };
  return {
    ...base,
    ...(login.ca !== null && { ca: login.ca }),
    ...(login.cert !== null && { cert: login.cert }),
    ...(login.key !== null && { key: login.key }),
  };
}

/** Logs in, asks, leaves. */
export const queryPostgres: QueryPostgres = async (login, sql, signal) => {
  const { default: pg } = await import('pg');
  signal.throwIfAborted();
  const client = new pg.Client({
    host: login.host,
    port: login.port,
    database: login.database,
    user: login.user,
    // A function, so that PGPASSWORD and ~/.pgpass of this machine cannot stand in for a missing password.
    password: () => login.password ?? '',
    ssl: tlsSettings(login),
    connectionTimeoutMillis: login.timeoutMs,
    query_timeout: login.timeoutMs,
    application_name: 'pgmon check',
  });
  // A connection that breaks later emits here; the pending call rejects as well.
  client.on('error', () => undefined);
  const stop = () => void client.end().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows[0] ?? {};
  } finally {
    signal.removeEventListener('abort', stop);
    // Not awaited: a server that hangs must not hold the check.
    stop();
  }
};
