/** Hop `sql-login`: the monitoring role logs in to every server over TCP with its password and has the rights it needs, no more. */
import pLimit from 'p-limit';
import { containerOf } from '../../providers/provider.ts';
import type { Server } from '../../stack/stack.ts';
import { asText, at } from '../json.ts';
import { type CheckHop, type Finding, fail, judge, pass, type VerifyContext } from '../verify-context.ts';

const LOGIN_TIMEOUT_MS = 5000;
/** A server that does not answer keeps its login for the whole timeout. */
const MAX_PARALLEL = 64;

const QUESTION = `SELECT json_build_object(
  'version', current_setting('server_version'),
  'isSuperuser', r.rolsuper,
  'isMonitor', pg_has_role(current_user, 'pg_monitor', 'USAGE'),
  'hasStatements', EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'),
  'isEncrypted', COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)
) AS answer FROM pg_roles r WHERE r.rolname = current_user`;

// The password comes on stdin: neither arguments nor `docker inspect` show it. The server is named by its network name,
// because PostgreSQL's images trust 127.0.0.1 without a password.
const PSQL = `IFS= read -r PGPASSWORD; export PGPASSWORD PGHOST="$1" PGPORT="$2" PGUSER="$3" PGDATABASE="$4" PGSSLMODE="$5"
export PGCONNECT_TIMEOUT=${LOGIN_TIMEOUT_MS / 1000} PGAPPNAME='pgmon check' PGOPTIONS='-c statement_timeout=${LOGIN_TIMEOUT_MS}'
exec psql -X -A -t -q -w -v ON_ERROR_STOP=1 -c "$6"`;

/** The verdict about what a successful login found. */
export function judgeLogin(server: Pick<Server, 'name' | 'user' | 'database'>, answer: unknown): Finding {
  const { name, user, database } = server;
  const version = asText(at(answer, 'version'));
  if (version === '')
    return fail(name, 'the login worked, but the answer holds no version', 'report this as a bug');
  const login = `PostgreSQL ${version}, role ${user}`;
  if (at(answer, 'isSuperuser') === true) {
    return fail(
      name,
      `${login} is a superuser`,
      `monitor with a role that has pg_monitor only: create it with the SQL below sql/`,
    );
  }
  if (at(answer, 'isMonitor') !== true) {
    return fail(
      name,
      `${login} lacks pg_monitor`,
      `run on ${name}: GRANT pg_monitor TO "${user.replaceAll('"', '""')}"`,
    );
  }
  const transport = at(answer, 'isEncrypted') === true ? ', TLS' : '';
  const statements =
    at(answer, 'hasStatements') === true
      ? ''
      : `; pg_stat_statements is not installed in database ${database}: no query statistics`;
  return pass(name, `${login} with pg_monitor${transport}${statements}`);
}

async function askInContainer(context: VerifyContext, server: Server, password: string): Promise<unknown> {
  const container = containerOf(context.world, 'postgres');
  if (container?.status !== 'running') throw new Error('the postgres container does not run');
  const { host, port, user, database, sslMode } = server;
  const command = ['sh', '-c', PSQL, 'psql', host, String(port), user, database, sslMode, QUESTION];
  const timeout = AbortSignal.timeout(3 * LOGIN_TIMEOUT_MS);
  const signal = AbortSignal.any([context.signal, timeout]);
  const output = await context.provider
    .exec(container.id, command, { input: `${password}\n` }, signal)
    .catch((error: unknown) => {
      throw timeout.aborted ? new Error('timeout: psql did not end', { cause: error }) : error;
    });
  if (output.exitCode !== 0)
    throw new Error(output.stderr.trim() || `psql ended with exit code ${output.exitCode}`);
  return JSON.parse(output.stdout);
}

async function askFromHere(
  context: VerifyContext,
  server: Server,
  password: string | null,
): Promise<unknown> {
  const pem = (id: string | null) => (id === null ? null : (context.secrets.get(id) ?? null));
  const { host, port, database, user, sslMode, tls } = server;
  const files = { ca: pem(tls.ca), cert: pem(tls.cert), key: pem(tls.key) };
  const login = { host, port, database, user, password, sslMode, ...files, timeoutMs: LOGIN_TIMEOUT_MS };
  const row = await context.queryPostgres(login, QUESTION, context.signal);
  return row.answer;
}

async function look(context: VerifyContext, server: Server): Promise<Finding> {
  const password = server.password === null ? null : (context.secrets.get(server.password) ?? null);
  if (server.password !== null && password === null) {
    return fail(server.name, 'its password has not been made yet', 'run `pgmon up`');
  }
  const answer = server.isBundled
    ? askInContainer(context, server, password ?? '')
    : askFromHere(context, server, password);
  return judgeLogin(server, await answer);
}

export const checkSqlLogins: CheckHop = (context) => {
  const limit = pLimit(MAX_PARALLEL);
  return Promise.all(
    context.stack.servers.map((server) =>
      limit(() => judge(context, 'sql-login', server.name, () => look(context, server))),
    ),
  );
};
