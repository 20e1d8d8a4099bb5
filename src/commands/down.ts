/** `pgmon down`: ends what runs of a stack; data goes only when asked for, and so do files, users and programs. */
import path from 'node:path';
import { removeEmptyUpTo } from '../apply/purge-files.ts';
import {
  isNothingToPurge,
  type Purged,
  type PurgePlan,
  planPurge,
  purgeStack,
} from '../apply/purge-stack.ts';
import { removeStack } from '../apply/remove-stack.ts';
import { lockStack } from '../apply/stack-lock.ts';
import { EnvironmentError, EXIT_CODES, UsageError } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { ObservedWorld, Provider, StackContext } from '../providers/provider.ts';
import type { Runtime } from '../stack/stack.ts';
import { confirmRemoval } from './confirm-removal.ts';
import type { CommandContext } from './context.ts';
import { type DownTargetOptions, findRuntime, findStack } from './down-target.ts';
import { formatDown } from './down-text.ts';
import { requireRoot } from './native-rights.ts';
import { refuseOut } from './out-dir.ts';

export interface DownOptions extends DownTargetOptions {
  readonly volumes: boolean;
  /** Remove what `up` wrote and installed as well. */
  readonly purge: boolean;
  /** How long a service may take to stop before it is killed; default: what its definition says. */
  readonly timeoutMs?: number;
}

interface Found {
  readonly target: StackContext;
  readonly runtime: Runtime;
  readonly provider: Provider;
}

/** All that is there now. */
interface Remains {
  readonly world: ObservedWorld;
  /** Null without `--purge`. */
  readonly purge: PurgePlan | null;
}

/** The network and the volumes of a name are shared by all who use it: with a stranger there, nothing is ours to remove. */
function refuseForeign({ stackName }: StackContext, { foreign }: ObservedWorld): void {
  const [first] = foreign;
  if (first === undefined) return;
  throw new EnvironmentError(
    `stack ${stackName} is not the one of this directory: ${first.name} ${first.reason}`,
    {
      code: 'foreign-stack',
      hint: 'run `pgmon down` where that stack was brought up, or name its output directory with -o',
    },
  );
}

async function look(
  { host, signal }: CommandContext,
  options: DownOptions,
  { target, runtime, provider }: Found,
): Promise<Remains> {
  const nothing = { services: [], networks: [], volumes: [], users: [] };
  const world = await provider.observe({ ...target, ...nothing }, signal);
  refuseForeign(target, world);
  const keepsData = world.volumes.length > 0 && !options.volumes;
  const purge = options.purge ? await planPurge(host, target, { runtime, world, keepsData }) : null;
  return { world, purge };
}

const NOTHING_PURGED: Purged = { removed: [], kept: [] };

async function remove(
  context: CommandContext,
  options: DownOptions,
  found: Found & Remains,
): Promise<CommandResult> {
  const { target, runtime, provider, world, purge } = found;
  const { host, reporter, signal } = context;
  const deps = { provider, reporter, clock: host.clock };
  const limits = {
    volumes: options.volumes,
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  };
  const remains = await removeStack(deps, world, limits, signal);
  const purged = purge === null ? NOTHING_PURGED : await purgeStack({ provider, host }, target, purge);
  const { stackName } = target;
  return {
    exitCode: EXIT_CODES.done,
    text: formatDown({ stackName, runtime, remains, purged, isPurge: purge !== null }),
    json: {
      stack: stackName,
      removed: [...remains.removed, ...purged.removed],
      kept: remains.kept,
      ...(purge !== null && { stays: purged.kept }),
    },
  };
}

function isEmpty({ world, purge }: Remains): boolean {
  const count = world.containers.length + world.networks.length + world.volumes.length;
  return count === 0 && (purge === null || isNothingToPurge(purge));
}

/** Nothing there is success. Without `--purge` files, users and programs stay. */
export async function down(context: CommandContext, options: DownOptions): Promise<CommandResult> {
  const { host, signal } = context;
  if (options.runtime !== undefined && options.name === undefined)
    throw new UsageError('--runtime goes with --name', { hint: 'leave it out: the spec says the runtime' });
  const runtime = await findRuntime(context, options);
  refuseOut(runtime, options);
  requireRoot(host, runtime, 'down');
  const opening = context.provider(runtime);
  // Begun early; a wrong spec is the first thing to say all the same.
  opening.catch(() => undefined);
  const target = await findStack(context, options, runtime);
  const found = { target, runtime, provider: await opening };
  const first = await look(context, options, found);
  await confirmRemoval(context, options, first);
  // Nothing to guard where there is nothing: an output directory would be made for the lock alone.
  if (isEmpty(first)) return remove(context, options, { ...found, ...first });
  const lock = await lockStack(host, target.outDir, signal);
  try {
    return await remove(context, options, { ...found, ...(await look(context, options, found)) });
  } finally {
    await lock.release();
    if (options.purge) await removeEmptyUpTo(host, target.outDir, path.dirname(target.outDir));
  }
}
