/** Brings the roles of a bundled server that has data already to the current passwords, as SQL over its local socket. */
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { ApplyError } from '../errors.ts';
import type { BundledRole, BundledServer } from '../plan/operations.ts';
import type { ApplyDeps } from './apply-deps.ts';

const ITERATIONS = 4096;
/** Non-ASCII spaces and characters that SASLprep maps to nothing (RFC 4013). */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g;

/** What PostgreSQL stores for a password. Sent instead of it, so that no log and no statistics view can show it. */
export async function scramVerifier(password: string, salt: Uint8Array): Promise<string> {
  const prepared = password.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  const salted = await promisify(pbkdf2)(prepared, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function roleStatements(deps: ApplyDeps, role: BundledRole, secrets: ReadonlyMap<string, string>) {
  const password = secrets.get(role.password);
  const verifier = password === undefined ? null : await scramVerifier(password, deps.host.randomBytes(16));
  const name = identifier(role.name);
  return [
    `SELECT format('CREATE ROLE %I LOGIN', ${literal(role.name)})`,
    `  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(role.name)}) \\gexec`,
    ...(verifier === null ? [] : [`ALTER ROLE ${name} LOGIN PASSWORD ${literal(verifier)};`]),
    ...role.memberOf.map((group) => `GRANT ${identifier(group)} TO ${name};`),
  ];
}

async function buildSql(
  deps: ApplyDeps,
  server: BundledServer,
  secrets: ReadonlyMap<string, string>,
): Promise<string> {
  const roles = await Promise.all(server.roles.map((role) => roleStatements(deps, role, secrets)));
  const writers = server.roles.filter((role) => role.isWriter);
  return [
    "SET log_statement = 'none';",
    'SET log_min_duration_statement = -1;',
    'SET log_min_error_statement = panic;',
    'SET client_min_messages = warning;',
    'SET pg_stat_statements.track_utility = off;',
    ...roles.flat(),
    `SELECT format('CREATE DATABASE %I', ${literal(server.database)})`,
    `  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = ${literal(server.database)}) \\gexec`,
    `\\connect ${identifier(server.database)}`,
    'SET client_min_messages = warning;',
    'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;',
    ...writers.map((role) => `GRANT CREATE ON SCHEMA public TO ${identifier(role.name)};`),
    '',
  ].join('\n');
}

/** Safe to repeat. Rejects with ApplyError carrying what psql said. */
export async function ensureRoles(
  deps: ApplyDeps,
  target: {
    readonly server: BundledServer;
    readonly containerId: string;
    readonly secrets: ReadonlyMap<string, string>;
  },
  signal: AbortSignal,
): Promise<void> {
  const { server, containerId, secrets } = target;
  const command = [
    'psql',
    '-X',
    '-q',
    '-v',
    'ON_ERROR_STOP=1',
    '-U',
    server.superuser,
    '-d',
    server.superuser,
  ];
  const input = await buildSql(deps, server, secrets);
  const { exitCode, stderr } = await deps.provider.exec(containerId, command, { input }, signal);
  if (exitCode === 0) return;
  const said =
    stderr.split('\n').find((line) => line.includes('ERROR') || line.includes('FATAL')) ?? 'no error text';
  throw new ApplyError(
    `cannot set up the roles of postgres: psql exit code ${exitCode}: ${said}`,
    'ensure roles',
    {
      code: 'roles-failed',
      hint: 'look at the server with `pgmon logs postgres`',
    },
  );
}
