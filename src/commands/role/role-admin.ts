/** How the `role` commands log in as somebody who may make roles: what flags, spec and person say, and the way there. */
import path from 'node:path';
import {
  adminInContainer,
  adminOverNetwork,
  adminOverSocket,
  type OpenAdmin,
} from '../../apply/role/admin-session.ts';
import { readSecrets } from '../../apply/secrets.ts';
import { EnvironmentError, UsageError } from '../../errors.ts';
import { containerOf } from '../../providers/provider.ts';
import { SUPERUSER } from '../../render/services/postgres.ts';
import { isLocalSocket } from '../../stack/local-socket.ts';
import type { Secret, Server } from '../../stack/stack.ts';
import { causeOf } from '../../verify/causes.ts';
import type { CommandContext } from '../context.ts';
import type { LoadedStack } from '../load-stack.ts';
import { bundledPlace, type RoleOptions, type RoleWork } from './role-context.ts';

export interface AdminOptions extends RoleOptions {
  readonly adminUser?: string;
  readonly adminPasswordEnv?: string;
  readonly adminPasswordFile?: string;
}

const LOGIN_TIMEOUT_MS = 5000;

interface AdminLogin {
  readonly user: string;
  readonly password: string | null;
}

async function secretValue(context: CommandContext, outDir: string, secret: Secret): Promise<string | null> {
  const values = await readSecrets(context.host, { stack: { secrets: [secret] }, outDir, create: false });
  return values.get(secret.id) ?? null;
}

function passwordFlag({ host }: CommandContext, options: AdminOptions): Secret | null {
  const { adminPasswordEnv: name, adminPasswordFile: file } = options;
  if (name !== undefined && file !== undefined) {
    throw new UsageError('--admin-password-env and --admin-password-file do not go together', {
      hint: 'give one of them',
    });
  }
  if (name !== undefined) return { id: '--admin-password-env', source: { kind: 'env', name } };
  if (file === undefined) return null;
  const source = { kind: 'file', path: path.resolve(host.cwd, file), trim: true } as const;
  return { id: '--admin-password-file', source };
}

/** Flags win over the spec; what neither tells is asked for on a terminal. */
async function adminLogin(
  context: CommandContext,
  options: AdminOptions,
  server: Server,
  outDir: string,
): Promise<AdminLogin> {
  const { host } = context;
  const isAsking = host.stdin.isTTY && !options.yes;
  const user = options.adminUser ?? server.admin?.user;
  if (user === undefined && !isAsking) {
    throw new UsageError(`no admin login for server ${server.name}`, {
      hint: 'write servers[].admin into the spec, or give --admin-user with --admin-password-env or --admin-password-file; without one run `pgmon role print` and hand the SQL to psql',
    });
  }
  const asked = { message: `Role that may make roles on ${server.name}:`, default: SUPERUSER };
  const name = user ?? (await host.prompt.input(asked));
  const secret =
    passwordFlag(context, options) ?? (options.adminUser === undefined ? server.admin?.password : null);
  if (secret !== null && secret !== undefined) {
    return { user: name, password: await secretValue(context, outDir, secret) };
  }
  // A socket looks at the system user unless the spec or a flag names a password.
  if (!isAsking || isLocalSocket(server)) return { user: name, password: null };
  const typed = await host.prompt.password({
    message: `Password of ${name} on ${server.name} (empty: none):`,
  });
  return { user: name, password: typed === '' ? null : typed };
}

async function openBundled(context: CommandContext, loaded: LoadedStack): Promise<OpenAdmin> {
  const { provider, world } = await bundledPlace(context, loaded);
  const container = containerOf(world, 'postgres');
  if (container?.status !== 'running') {
    throw new EnvironmentError('the bundled server does not run', {
      code: 'server-stopped',
      hint: 'start the stack with `pgmon up`, which makes the role as well',
    });
  }
  return adminInContainer({ provider, containerId: container.id, superuser: SUPERUSER }, context.signal);
}

/** Without a password the server asks who the process is: it is run as the system user of the admin's name. */
function openLocal({ host, signal }: CommandContext, server: Server, user: string): OpenAdmin {
  const { host: directory, port } = server;
  const login = { host: directory, port, role: user, systemUser: user, timeoutMs: LOGIN_TIMEOUT_MS };
  const open = adminOverSocket(host, { ...login, applicationName: 'pgmon role' }, signal);
  return async (database) => {
    const session = await open(database);
    const ask = (sql: string) => session.ask(sql).catch((error: unknown) => rejectLogin(error, user, server));
    return { ...session, ask };
  };
}

/** The usual hint is about the monitoring role, and here it is the admin who is refused. */
function rejectLogin(error: unknown, user: string, { name }: Server): never {
  const { kind, words } = causeOf(error, name);
  if (kind !== 'password' && kind !== 'no-role' && kind !== 'peer') throw error;
  throw new EnvironmentError(`the admin ${user} cannot log in: ${words}`, {
    code: 'admin-login',
    hint: `correct servers[].admin of ${name}, or --admin-user and --admin-password-env or --admin-password-file`,
    cause: error,
  });
}

/** How to log in to this server as an admin; questions are asked here, the login comes later. */
export async function adminOf(
  context: CommandContext,
  options: AdminOptions,
  work: RoleWork,
  server: Server,
): Promise<OpenAdmin> {
  if (server.isBundled) return openBundled(context, work);
  const login = await adminLogin(context, options, server, work.outDir);
  if (isLocalSocket(server) && login.password === null) return openLocal(context, server, login.user);
  const pem = (id: string | null) => (id === null ? null : (work.secrets.get(id) ?? null));
  const { host, port, sslMode, tls } = server;
  // A client certificate of the spec is the monitoring role's, not the admin's.
  const files = { ca: pem(tls.ca), cert: null, key: null };
  const open = adminOverNetwork(
    { host, port, ...login, sslMode, ...files, timeoutMs: LOGIN_TIMEOUT_MS },
    context.signal,
  );
  return (database) => open(database).catch((error: unknown) => rejectLogin(error, login.user, server));
}
