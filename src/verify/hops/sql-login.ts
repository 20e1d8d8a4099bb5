/**
 * Hop `sql-login`: the monitoring role logs in to every server, over TCP with its password or over the local socket as the
 * collectors' system user, and has the rights it needs, no more.
 */
import pLimit from 'p-limit';
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { runLocalPsql } from '../../host/local-psql.ts';
import type { QueryPostgres } from '../../host/postgres.ts';
import { containerOf, type ObservedWorld, type Provider } from '../../providers/provider.ts';
import { isPeerLogin } from '../../stack/local-socket.ts';
import { assessRole, connectFinding, type RoleWish } from '../../stack/role/assess-role.ts';
import { monitoringLimits } from '../../stack/role/monitoring-limits.ts';
import { readRoleState, roleQuestion } from '../../stack/role/role-state.ts';
import type { Server, Stack } from '../../stack/stack.ts';
import { type CheckHop, type Finding, fail, judge, pass, type VerifyContext } from '../verify-context.ts';

const LOGIN_TIMEOUT_MS = 5000;
/** A server that does not answer keeps its login for the whole timeout. */
const MAX_PARALLEL = 64;

// The password comes on stdin: neither arguments nor `docker inspect` show it. The server is named by its network name,
// because PostgreSQL's images trust 127.0.0.1 without a password.
const PSQL = `IFS= read -r PGPASSWORD; export PGPASSWORD PGHOST="$1" PGPORT="$2" PGUSER="$3" PGDATABASE="$4" PGSSLMODE="$5"
export PGCONNECT_TIMEOUT=${LOGIN_TIMEOUT_MS / 1000} PGAPPNAME='pgmon check' PGOPTIONS='-c statement_timeout=${LOGIN_TIMEOUT_MS}'
exec psql -X -A -t -q -w -v ON_ERROR_STOP=1 -c "$6"`;

/** The verdict about what a successful login found. Limits and query statistics are `pgmon role verify`'s business. */
export function judgeLogin(wish: RoleWish & { readonly name: string }, answer: unknown): Finding {
  const { name, server } = wish;
  const state = readRoleState(answer);
  const login = `PostgreSQL ${state.version}, role ${server.user}`;
  if (state.powers.includes('SUPERUSER')) {
    return fail(
      name,
      `${login} is a superuser`,
      `monitor with a role that has pg_monitor only: \`pgmon role print\``,
    );
  }
  const gap = assessRole({ ...wish, wantsStatements: false }, state).find(({ kind }) => kind === 'missing');
  if (gap !== undefined) {
    const hint = gap.fix === null ? (gap.advice ?? '') : `run on ${name}: ${gap.fix}`;
    return fail(name, `${login} ${gap.detail}`, hint);
  }
  const transport = state.isEncrypted ? ', TLS' : '';
  const statements = state.hasStatements
    ? ''
    : `; pg_stat_statements is not installed in database ${server.database}: no query statistics`;
  return pass(name, `${login} with pg_monitor${transport}${statements}`);
}

/** What a login as the monitoring role needs; provider and world for the bundled server only. */
export interface RoleLoginContext {
  readonly host: Pick<Host, 'exec' | 'uid'>;
  readonly stack: Pick<Stack, 'native'>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly queryPostgres: QueryPostgres;
  readonly signal: AbortSignal;
  readonly provider?: Pick<Provider, 'exec'> | undefined;
  readonly world?: ObservedWorld | undefined;
}

async function askInContainer(
  context: RoleLoginContext,
  server: Server,
  { password, question }: { readonly password: string; readonly question: string },
): Promise<unknown> {
  const { provider, world } = context;
  const container = world === undefined ? null : containerOf(world, 'postgres');
  if (provider === undefined || container?.status !== 'running') {
    throw new EnvironmentError('the postgres container does not run', {
      code: 'server-stopped',
      hint: 'start the stack with `pgmon up`',
    });
  }
  const { host, port, user, database, sslMode } = server;
  const command = ['sh', '-c', PSQL, 'psql', host, String(port), user, database, sslMode, question];
  const timeout = AbortSignal.timeout(3 * LOGIN_TIMEOUT_MS);
  const signal = AbortSignal.any([context.signal, timeout]);
  const output = await provider
    .exec(container.id, command, { input: `${password}\n` }, signal)
    .catch((error: unknown) => {
      throw timeout.aborted ? new Error('timeout: psql did not end', { cause: error }) : error;
    });
  if (output.exitCode !== 0)
    throw new Error(output.stderr.trim() || `psql ended with exit code ${output.exitCode}`);
  return JSON.parse(output.stdout);
}

/** As the collectors do it: the server looks at the system user. */
async function askAsCollector(
  { host, stack, signal }: RoleLoginContext,
  server: Server,
  question: string,
): Promise<unknown> {
  const { host: directory, port, database, user } = server;
  const systemUser = stack.native?.collectorUser ?? user;
  const login = { host: directory, port, database, role: user, systemUser, timeoutMs: LOGIN_TIMEOUT_MS };
  const text = await runLocalPsql(
    host,
    { ...login, applicationName: 'pgmon check' },
    `${question};\n`,
    signal,
  );
  return JSON.parse(text);
}

/** Logs in as the monitoring role and gives the column `answer`. Rejects with what the login failed with. */
export async function askAsRole(
  context: RoleLoginContext,
  server: Server,
  question: string,
): Promise<unknown> {
  const { host, port, database, user, sslMode, tls } = server;
  const value = (id: string | null) => (id === null ? null : (context.secrets.get(id) ?? null));
  const password = value(server.password);
  if (server.isBundled) return askInContainer(context, server, { password: password ?? '', question });
  if (isPeerLogin(server)) return askAsCollector(context, server, question);
  const files = { ca: value(tls.ca), cert: value(tls.cert), key: value(tls.key) };
  const login = { host, port, database, user, password, sslMode, ...files, timeoutMs: LOGIN_TIMEOUT_MS };
  const row = await context.queryPostgres(login, question, context.signal);
  return row.answer;
}

/** A database that the role may not even connect to refuses the login itself. */
export function isDatabaseRefused(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return code === '42501' || /permission denied for database/.test(String(message));
}

async function look(context: VerifyContext, server: Server): Promise<Finding> {
  if (server.password !== null && !context.secrets.has(server.password)) {
    return fail(server.name, 'its password has not been made yet', 'run `pgmon up`');
  }
  try {
    const answer = await askAsRole(context, server, roleQuestion(server.user));
    const limits = monitoringLimits(context.stack);
    return judgeLogin({ name: server.name, server, limits, wantsStatements: false }, answer);
  } catch (error) {
    if (!isDatabaseRefused(error)) throw error;
    const { detail, fix } = connectFinding(server.user, server.database);
    return fail(server.name, `the role ${server.user} ${detail}`, `run on ${server.name}: ${fix}`);
  }
}

export const checkSqlLogins: CheckHop = (context) => {
  const limit = pLimit(MAX_PARALLEL);
  return Promise.all(
    context.stack.servers.map((server) =>
      limit(() => judge(context, 'sql-login', server.name, () => look(context, server))),
    ),
  );
};
