/** The monitoring role: made by the bundled server's init script, as SQL to run for every other server. Never a password. */
import { headerText, WORKLOAD_ROLE } from '../conventions.ts';
import { isPeerLogin } from '../stack/local-socket.ts';
import type { RenderedFile } from '../stack/rendered-stack.ts';
import { monitoringLimits } from '../stack/role/monitoring-limits.ts';
import { ensureStatements, STATEMENTS_EXTENSION, settingStatement } from '../stack/role/role-sql.ts';
import type { Stack } from '../stack/stack.ts';
import type { RenderContext } from './render-context.ts';
import { commentText } from './scalars.ts';
import { secretPath } from './secret-files.ts';
import { bundledServer } from './services/postgres.ts';
import { createTemplateEngine, type Templates } from './template-engine.ts';

function buildInitView(stack: Stack) {
  const server = bundledServer(stack);
  const limits = monitoringLimits(stack);
  const workload = stack.postgres?.workloadPassword ?? null;
  return {
    monitoring:
      server === null || server.password === null
        ? null
        : {
            role: server.user,
            passwordFile: secretPath(stack, 'postgres', server.password),
            connections: limits.connections,
            settings: limits.settings.map((setting) => settingStatement(server.user, setting)),
          },
    workload:
      workload === null
        ? null
        : { role: WORKLOAD_ROLE, passwordFile: secretPath(stack, 'postgres', workload) },
  };
}

export function renderInitScript(stack: Stack, { header, fill }: RenderContext): readonly RenderedFile[] {
  if (stack.postgres === null) return [];
  const content = fill('postgres-initdb.sql.hbs', { header, ...buildInitView(stack) });
  return [{ path: 'postgres/initdb/10-pgmon.sql', content }];
}

/** The script that makes these roles, for people to run with psql. */
function roleScript(
  stack: Stack,
  users: readonly string[],
  { header, fill }: Pick<RenderContext, 'header' | 'fill'>,
): string {
  const limits = monitoringLimits(stack);
  const wanted = new Set(users);
  const names = [...wanted].sort();
  const roles = names.map((name) => ({ name, statements: ensureStatements(name, limits) }));
  const servers = stack.servers.filter(({ user, isBundled }) => !isBundled && wanted.has(user));
  const isPeer = servers.length > 0 && servers.every(isPeerLogin);
  return fill('role.sql.hbs', { header, isPeer, roles, extension: STATEMENTS_EXTENSION });
}

/** `roleScript` outside a rendering. */
export function printRoleScript(
  stack: Stack,
  users: readonly string[],
  { version, templates }: { readonly version: string; readonly templates: Templates },
): string {
  const header = headerText(version, commentText(stack.specName));
  return roleScript(stack, users, { header, fill: createTemplateEngine(templates) });
}

/** One script with every role that the servers outside the stack need. */
export function renderRoleScript(stack: Stack, context: RenderContext): readonly RenderedFile[] {
  const users = stack.servers.filter((server) => !server.isBundled).map((server) => server.user);
  return users.length === 0 ? [] : [{ path: 'sql/role.sql', content: roleScript(stack, users, context) }];
}
