/** What the `role` commands share: which servers, how to log in to them as the monitoring role, and how as an admin. */
import path from 'node:path';
import { adminInContainer, adminOverNetwork, type OpenAdmin } from '../../apply/role/admin-session.ts';
import { readSecrets } from '../../apply/secrets.ts';
import { EnvironmentError, UsageError } from '../../errors.ts';
import { queryPostgres } from '../../host/postgres.ts';
import { containerOf, type ObservedWorld, type Provider } from '../../providers/provider.ts';
import { SUPERUSER } from '../../render/services/postgres.ts';
import type { RoleWish } from '../../stack/role/assess-role.ts';
import { monitoringLimits } from '../../stack/role/monitoring-limits.ts';
import { type RoleState, readRoleState, roleQuestion } from '../../stack/role/role-state.ts';
import type { Secret, Server, Stack } from '../../stack/stack.ts';
import { causeOf } from '../../verify/causes.ts';
import { askAsRole } from '../../verify/hops/sql-login.ts';
import { chooseServers } from '../choose-servers.ts';
import type { CommandContext, StackOptions } from '../context.ts';
import { type LoadedStack, loadStack } from '../load-stack.ts';

export interface RoleOptions extends StackOptions {
  /** Names; empty = every server. */
  readonly servers: readonly string[];
}

export interface AdminOptions extends RoleOptions {
  readonly adminUser?: string;
  readonly adminPasswordEnv?: string;
  readonly adminPasswordFile?: string;
}

const LOGIN_TIMEOUT_MS = 5000;
/** Servers that are asked at the same time. */
export const MAX_PARALLEL = 16;

export function wishFor(stack: Stack, server: Server): RoleWish {
  return {
    server,
    limits: monitoringLimits(stack),
    wantsStatements: stack.postgresExporter.collectors.stat_statements !== false,
  };
}

export interface RoleWork extends LoadedStack {
  readonly servers: readonly Server[];
  /** Values of the chosen servers' secrets. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What the server says about the role when the role itself asks. Rejects when it cannot log in. */
  readonly askAsRole: (server: Server) => Promise<RoleState>;
  /** The column `answer` of a question that the role asks. Rejects when it cannot log in, or with the server's error. */
  readonly ask: (server: Server, question: string) => Promise<unknown>;
}

interface BundledPlace {
  readonly provider: Provider;
  readonly world: ObservedWorld;
}

async function bundledPlace(context: CommandContext, loaded: LoadedStack): Promise<BundledPlace> {
  const provider = await context.provider();
  const request = {
    stackName: loaded.stack.name,
    outDir: loaded.outDir,
    services: [],
    networks: [],
    volumes: [],
  };
  return { provider, world: await provider.observe(request, context.signal) };
}

/** Reads the spec and the secrets of the chosen servers; `create`: passwords that pgmon makes itself are made. */
export async function openRoleWork(
  context: CommandContext,
  options: RoleOptions,
  { create }: { readonly create: boolean },
): Promise<RoleWork> {
  const loaded = await loadStack(context, options);
  const { stack, outDir } = loaded;
  const servers = chooseServers(stack, options.servers);
  const ids = servers.flatMap(({ password, tls }) => [password, tls.ca, tls.cert, tls.key]);
  const wanted = stack.secrets.filter(({ id }) => ids.includes(id));
  const secrets = await readSecrets(context.host, { stack: { secrets: wanted }, outDir, create });
  const place = servers.some(({ isBundled }) => isBundled) ? await bundledPlace(context, loaded) : null;
  const ask = (server: Server, question: string) => {
    const deps = {
      secrets,
      queryPostgres,
      signal: context.signal,
      provider: place?.provider,
      world: place?.world,
    };
    return askAsRole(deps, server, question);
  };
  const askState = async (server: Server) => readRoleState(await ask(server, roleQuestion(server.user)));
  return { ...loaded, servers, secrets, askAsRole: askState, ask };
}

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
  if (!isAsking) return { user: name, password: null };
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

/** The usual hint is about the monitoring role, and here it is the admin who is refused. */
function rejectLogin(error: unknown, user: string, { name }: Server): never {
  const { kind, words } = causeOf(error, name);
  if (kind !== 'password' && kind !== 'no-role') throw error;
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
