/** One connection to a PostgreSQL server, with libpq's meaning of the SSL modes. Who connects decides what is asked. */
import { Socket } from 'node:net';
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
  /** For the connection, and for each statement unless it says otherwise. */
  readonly timeoutMs: number;
}

export interface SessionSettings {
  readonly applicationName: string;
  /** Server settings of this session, name -> value without spaces; they win over the role's own. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Drops the connection, also while it is being made. */
  readonly signal?: AbortSignal;
}

export interface PostgresSession {
  /** Rows of one statement (never several). Rejects with the driver's error (`code` = SQLSTATE or Node's); the message holds no password. */
  readonly query: (sql: string, timeoutMs?: number) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Resolves when the server has closed the connection, or soon after when it hangs. Never rejects. */
  readonly close: () => Promise<void>;
  /** Drops the connection at once. */
  readonly abort: () => void;
}

const CLOSE_TIMEOUT_MS = 1000;

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

function optionsText(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** Logs in. Rejects with the driver's error and leaves nothing open. */
export async function openPostgres(
  login: PostgresLogin,
  { applicationName, parameters = {}, signal }: SessionSettings,
): Promise<PostgresSession> {
  const { default: pg } = await import('pg');
  const socket = new Socket();
  const client = new pg.Client({
    host: login.host,
    port: login.port,
    database: login.database,
    user: login.user,
    // A function, so that PGPASSWORD and ~/.pgpass of this machine cannot stand in for a missing password.
    password: () => login.password ?? '',
    ssl: tlsSettings(login),
    stream: () => socket,
    connectionTimeoutMillis: login.timeoutMs,
    query_timeout: login.timeoutMs,
    application_name: applicationName,
    options: optionsText(parameters),
  });
  // A connection that breaks later emits here; the pending call rejects as well.
  client.on('error', () => undefined);
  const abort = () => void socket.destroy();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal?.removeEventListener('abort', abort));
  try {
    await client.connect();
  } catch (error) {
    abort();
    throw error;
  }
  return {
    query: async (sql, timeoutMs = login.timeoutMs) => {
      // The extended protocol takes one statement and no second one behind a semicolon.
      const asked = { text: sql, queryMode: 'extended', query_timeout: timeoutMs } as const;
      const { rows } = await client.query<Record<string, unknown>>(asked);
      return rows;
    },
    close: async () => {
      const timer = setTimeout(abort, CLOSE_TIMEOUT_MS);
      await client.end().catch(() => undefined);
      clearTimeout(timer);
      abort();
    },
    abort,
  };
}
