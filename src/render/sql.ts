/** The monitoring role: made by the bundled server's init script, as SQL to run for every other server. Never a password. */
import { WORKLOAD_ROLE } from '../conventions.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { secretPath } from './secret-files.ts';
import { bundledServer } from './services/postgres.ts';

/** Two connections per scrape; room for a second Prometheus, for `pgmon check` and for a person. */
const CONNECTION_LIMIT = 10;

/** Limits of the role: a slow statement ends before the scrape does, a locked table costs one collector and not the scrape. */
export function monitoringLimits({ scrape }: Stack) {
  const statementMs = Math.max(1000, (scrape.timeoutSeconds - 1) * 1000);
  return {
    connections: CONNECTION_LIMIT,
    settings: [
      { name: 'statement_timeout', value: `${statementMs}ms` },
      { name: 'lock_timeout', value: `${Math.min(1000, Math.floor(statementMs / 2))}ms` },
      { name: 'idle_in_transaction_session_timeout', value: '60s' },
    ],
  };
}

function buildInitView(stack: Stack) {
  const server = bundledServer(stack);
  const workload = stack.postgres?.workloadPassword ?? null;
  return {
    monitoring:
      server === null || server.password === null
        ? null
        : {
            role: server.user,
            passwordFile: secretPath(server.password),
            limits: monitoringLimits(stack),
          },
    workload: workload === null ? null : { role: WORKLOAD_ROLE, passwordFile: secretPath(workload) },
  };
}

export function renderInitScript(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  if (stack.postgres === null) return [];
  const content = fill('postgres-initdb.sql.hbs', { header, ...buildInitView(stack) });
  return [{ path: 'postgres/initdb/10-pgmon.sql', content }];
}

/** One script with every role that the servers outside the stack need. */
export function renderRoleScript(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  const names = new Set(stack.servers.filter((server) => !server.isBundled).map((server) => server.user));
  if (names.size === 0) return [];
  const limits = monitoringLimits(stack);
  const roles = [...names].sort().map((name) => ({ name, limits }));
  return [{ path: 'sql/role.sql', content: fill('role.sql.hbs', { header, roles }) }];
}
