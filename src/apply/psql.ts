/** Runs SQL on a bundled server as its superuser, over the local socket inside the container. */
import { ApplyError } from '../errors.ts';
import type { BundledServer } from '../plan/operations.ts';
import type { ApplyDeps } from './apply-deps.ts';

export interface PsqlTarget {
  readonly server: BundledServer;
  readonly containerId: string;
}

/** Nothing that passwords stand in may reach the server's log or its statistics. */
export const QUIET_SESSION: readonly string[] = [
  "SET log_statement = 'none';",
  'SET log_min_duration_statement = -1;',
  'SET log_min_error_statement = panic;',
  'SET client_min_messages = warning;',
  'SET pg_stat_statements.track_utility = off;',
];

/** What psql printed, values only. Rejects with ApplyError carrying what the server said. */
export async function runPsql(
  { provider }: { readonly provider: Pick<ApplyDeps['provider'], 'exec'> },
  { server, containerId }: PsqlTarget,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const options = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'];
  const command = ['psql', ...options, '-U', server.superuser, '-d', server.superuser];
  const input = `${lines.join('\n')}\n`;
  const { exitCode, stdout, stderr } = await provider.exec(containerId, command, { input }, signal);
  if (exitCode === 0) return stdout.trim();
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
