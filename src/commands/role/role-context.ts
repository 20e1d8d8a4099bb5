/** What the `role` commands share: which servers, and how to log in to them as the monitoring role. */
import { readSecrets } from '../../apply/secrets.ts';
import { queryPostgres } from '../../host/postgres.ts';
import type { ObservedWorld, Provider } from '../../providers/provider.ts';
import type { RoleWish } from '../../stack/role/assess-role.ts';
import { monitoringLimits } from '../../stack/role/monitoring-limits.ts';
import { type RoleState, readRoleState, roleQuestion } from '../../stack/role/role-state.ts';
import type { Server, Stack } from '../../stack/stack.ts';
import { askAsRole } from '../../verify/hops/sql-login.ts';
import { chooseServers } from '../choose-servers.ts';
import type { CommandContext, StackOptions } from '../context.ts';
import { type LoadedStack, loadStack } from '../load-stack.ts';

export interface RoleOptions extends StackOptions {
  /** Names; empty = every server. */
  readonly servers: readonly string[];
}

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

/** The runtime with what runs of the stack, for the server that the stack runs itself. */
export async function bundledPlace(context: CommandContext, loaded: LoadedStack): Promise<BundledPlace> {
  const provider = await context.provider(loaded.stack.runtime);
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
      host: context.host,
      stack,
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
