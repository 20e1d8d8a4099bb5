/**
 * Runs SQL over a Unix socket of this machine as another system user, through psql: peer authentication looks at who
 * the connecting process is.
 */
import { EnvironmentError } from '../errors.ts';
import type { Host } from './host.ts';

export interface LocalLogin {
  /** Directory of the socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Role of the server. */
  readonly role: string;
  /** User of this machine that psql runs as. */
  readonly systemUser: string;
  readonly applicationName: string;
  /** For the connection, and for each statement. */
  readonly timeoutMs: number;
}

/** What the server refused, with its SQLSTATE when it told one, like the driver's errors; never the statement, which psql quotes. */
function toServerError(stderr: string, exitCode: number | null): Error {
  const text = stderr
    .trim()
    .replace(/^psql:(?:<stdin>:\d+:)? /, '')
    .replace(/\n(?:LINE \d+|QUERY|CONTEXT): [\s\S]*$/, '');
  const code = /(?:ERROR|FATAL): {2}([0-9A-Z]{5}): /.exec(text)?.[1];
  const message = text === '' ? `psql ended with exit code ${exitCode ?? 'unknown'}` : text;
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

function missing(program: string): EnvironmentError {
  return new EnvironmentError(`cannot run ${program}, which a login over the local socket needs`, {
    code: 'psql-missing',
    hint: `install it (Debian: ${program === 'psql' ? 'postgresql-client' : 'util-linux'})`,
  });
}

/** Number of the user's group. */
async function groupOf({ exec, uid }: Pick<Host, 'exec' | 'uid'>, user: string): Promise<string> {
  if (uid !== 0) {
    throw new EnvironmentError(`only root can log in over the local socket as the system user ${user}`, {
      code: 'not-root',
      hint: 'run pgmon as root (sudo)',
    });
  }
  const { exitCode, stdout } = await exec('id', ['-g', '--', user]);
  if (exitCode === 0) return stdout.trim();
  throw new EnvironmentError(`this machine has no system user ${user}`, {
    code: 'no-system-user',
    hint: "`pgmon up` makes the collectors' user; correct any other name in the spec",
  });
}

/** What psql printed, values only. `sql` goes to its stdin. Rejects with EnvironmentError, or an Error with the server's words. */
export async function runLocalPsql(
  host: Pick<Host, 'exec' | 'uid'>,
  login: LocalLogin,
  sql: string,
  signal: AbortSignal,
): Promise<string> {
  const { host: directory, port, database, role, systemUser, timeoutMs } = login;
  const group = await groupOf(host, systemUser);
  const place = ['-h', directory, '-p', String(port), '-U', role, '-d', database];
  const settings = ['-X', '-A', '-t', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose'];
  // Unlike runuser and sudo it opens no session, which the log of logins would show.
  const become = ['--reuid', systemUser, '--regid', group, '--init-groups', '--'];
  const args = [...become, 'psql', ...settings, ...place, '-f', '-'];
  const { exitCode, stdout, stderr, errorCode } = await host.exec('setpriv', args, {
    // A directory that every user may look into.
    cwd: '/',
    env: {
      PGCONNECT_TIMEOUT: String(Math.ceil(timeoutMs / 1000)),
      PGAPPNAME: login.applicationName,
      PGOPTIONS: `-c statement_timeout=${timeoutMs}`,
    },
    input: sql,
    signal,
    timeoutMs: 3 * timeoutMs,
  });
  signal.throwIfAborted();
  if (errorCode === 'ENOENT') throw missing('setpriv');
  if (exitCode === 127) throw missing('psql');
  if (exitCode === 0) return stdout.trim();
  throw exitCode === null ? new Error('timeout: psql did not end') : toServerError(stderr, exitCode);
}
