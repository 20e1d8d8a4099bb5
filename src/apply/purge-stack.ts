/** Removes what `up` has left on the machine besides what runs: files, and natively users and programs. Data is not its business. */
import path from 'node:path';
import { GENERATED_SECRETS_DIR } from '../conventions.ts';
import type { Host } from '../host/host.ts';
import type { ObservedWorld, Provider, StackContext } from '../providers/provider.ts';
import { SYSTEM_DIRS } from '../stack/native-names.ts';
import type { Runtime } from '../stack/stack.ts';
import { uninterrupted } from './apply-deps.ts';
import { hasGeneratedSecrets, purgeableFiles, purgeFiles, removeEmptyUpTo } from './purge-files.ts';

export interface PurgePlan {
  readonly runtime: Runtime;
  /** Data stays, and with it whoever owns it and the passwords that it was made with. */
  readonly keepsData: boolean;
  /** Absolute. */
  readonly files: readonly string[];
  /** Made by pgmon and named by this stack; one that another stack names too stays. */
  readonly users: readonly string[];
  readonly hasGenerated: boolean;
}

export interface Purged {
  readonly removed: readonly string[];
  /** What stays, with the reason. */
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
}

interface PurgeDeps {
  readonly host: Pick<Host, 'fs'>;
  readonly provider: Provider;
}

/** Reads only. */
export async function planPurge(
  host: Pick<Host, 'fs'>,
  { stackName, outDir }: StackContext,
  input: { readonly runtime: Runtime; readonly world: ObservedWorld; readonly keepsData: boolean },
): Promise<PurgePlan> {
  const { runtime, world, keepsData } = input;
  const files = await purgeableFiles(host, { outDir, stack: { name: stackName, runtime } });
  // It says which users are the stack's, for the purge that takes the data as well.
  const userFile = path.join(outDir, SYSTEM_DIRS.sysusers, `pgmon-${stackName}.conf`);
  return {
    runtime,
    keepsData,
    files: keepsData ? files.filter((file) => file !== userFile) : files,
    users: world.users.filter(({ isOurs }) => isOurs).map(({ name }) => name),
    hasGenerated: await hasGeneratedSecrets(host, outDir),
  };
}

export function isNothingToPurge({ files, users, hasGenerated, keepsData }: PurgePlan): boolean {
  return files.length === 0 && (keepsData || (users.length === 0 && !hasGenerated));
}

/** Users whom another stack needs are left alone by the provider; asking afterwards tells which. */
async function removeUsers(
  { provider }: PurgeDeps,
  context: StackContext,
  names: readonly string[],
): Promise<Purged> {
  if (names.length === 0) return { removed: [], kept: [] };
  for (const id of names) await provider.remove({ kind: 'user', id }, uninterrupted());
  const users = names.map((name) => ({ name, description: '' }));
  const request = { ...context, services: [], networks: [], volumes: [], users };
  const left = new Set((await provider.observe(request, uninterrupted())).users.map(({ name }) => name));
  return {
    removed: names.filter((name) => !left.has(name)).map((name) => `user ${name}`),
    kept: names
      .filter((name) => left.has(name))
      .map((name) => ({ name: `user ${name}`, reason: 'another stack runs as it' })),
  };
}

/** What belongs to data that stays. */
function keptWithData({ users, hasGenerated }: PurgePlan, outDir: string): Purged {
  const generated = path.join(outDir, GENERATED_SECRETS_DIR);
  return {
    removed: [],
    kept: [
      ...(hasGenerated ? [{ name: generated, reason: 'the data was made with these passwords' }] : []),
      ...users.map((name) => ({ name: `user ${name}`, reason: 'the data may be its own' })),
    ],
  };
}

/** Comes after the services are down. Safe to repeat; what it has begun it ends. */
export async function purgeStack(deps: PurgeDeps, context: StackContext, plan: PurgePlan): Promise<Purged> {
  const { host, provider } = deps;
  const { outDir, stackName } = context;
  const { runtime, keepsData, files } = plan;
  const rest = keepsData ? keptWithData(plan, outDir) : await removeUsers(deps, context, plan.users);
  await purgeFiles(host, outDir, { files, keepsGenerated: keepsData });
  if (runtime === 'docker') return { removed: [...files, ...rest.removed], kept: rest.kept };
  // The other directories of the system belong to systemd's own package; this one is there only for who has a file in it.
  const sysusers = path.join(outDir, SYSTEM_DIRS.sysusers);
  await removeEmptyUpTo(host, sysusers, sysusers);
  await provider.reread(uninterrupted());
  const programs = await provider.removePrograms(stackName, uninterrupted());
  return {
    removed: [...files, ...rest.removed, ...programs.removed],
    kept: [...rest.kept, ...programs.kept],
  };
}
