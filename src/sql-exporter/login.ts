/** Opens the exporter's connections: secrets read from their files each time, limits for the session. */
import { readFile } from 'node:fs/promises';
import { openPostgres, type PostgresSession } from '../host/postgres-session.ts';
import type { ExporterServer } from '../stack/sql-exporter-config.ts';

/** A lock that somebody else holds costs one query a moment, not the scrape. */
const LOCK_TIMEOUT_MS = 250;

async function readSecret(file: string | null): Promise<string | null> {
  return file === null ? null : readFile(file, 'utf8');
}

/** Read-only, with timeouts that end statements inside the server before the scrape ends. */
function sessionParameters(timeoutMs: number): Readonly<Record<string, string>> {
  return {
    default_transaction_read_only: 'on',
    statement_timeout: `${timeoutMs}ms`,
    lock_timeout: `${Math.min(LOCK_TIMEOUT_MS, timeoutMs)}ms`,
    jit: 'off',
  };
}

/** Rejects with the driver's or the file system's error. */
export async function logIn(
  server: ExporterServer,
  database: string,
  timeoutMs: number,
): Promise<PostgresSession> {
  const [password, ca, cert, key] = await Promise.all(
    [server.passwordFile, server.caFile, server.certFile, server.keyFile].map(readSecret),
  );
  const { host, port, user, sslMode } = server;
  const files = { password: password ?? null, ca: ca ?? null, cert: cert ?? null, key: key ?? null };
  return openPostgres(
    { host, port, user, sslMode, database, ...files, timeoutMs },
    { applicationName: 'pgmon', parameters: sessionParameters(timeoutMs) },
  );
}
