/** `pgmon down`: removes a stack's containers and network, found by their labels; data volumes only when asked for. */
import path from 'node:path';
import { removeStack, type StackRemains } from '../apply/remove-stack.ts';
import { lockStack } from '../apply/stack-lock.ts';
import { DEFAULT_OUT_DIR } from '../conventions.ts';
import { CancelledError, EnvironmentError, EXIT_CODES, SpecError, UsageError } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { ObservedWorld, StackContext } from '../providers/provider.ts';
import { readStackName } from '../spec/stack-name.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { readSpecFile } from './read-spec-file.ts';

export interface DownOptions extends StackOptions {
  readonly volumes: boolean;
  /** How long a service may take to stop before it is killed; default: what its definition says. */
  readonly timeoutMs?: number;
  /** The stack's name, for when its spec is gone or broken. */
  readonly name?: string;
}

async function stackName(context: CommandContext, options: DownOptions): Promise<string> {
  if (options.name !== undefined) return options.name;
  // The name is all it takes, so that a stack can be removed although the rest of its spec is broken.
  const name = readStackName(await readSpecFile(context.host, options.file));
  if (name !== null) return name;
  const { loadStack } = await import('./load-stack.ts');
  try {
    return (await loadStack(context, options)).stack.name;
  } catch (error) {
    if (error instanceof SpecError) {
      throw new SpecError(error.issues, {
        hint: 'correct the spec, or name the stack: `pgmon down --name NAME`',
        cause: error,
      });
    }
    throw error;
  }
}

async function findStack(context: CommandContext, options: DownOptions): Promise<StackContext> {
  const { cwd } = context.host;
  const name = await stackName(context, options);
  const specDir = path.dirname(path.resolve(cwd, options.file));
  return {
    stackName: name,
    outDir: path.resolve(cwd, options.out ?? path.join(specDir, DEFAULT_OUT_DIR, name)),
  };
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

async function confirmVolumes(
  context: CommandContext,
  options: DownOptions,
  world: ObservedWorld,
): Promise<void> {
  if (!options.volumes || options.yes || world.volumes.length === 0) return;
  const names = world.volumes.map((volume) => volume.name).join(', ');
  if (!context.host.stdin.isTTY) {
    throw new UsageError(`--volumes would delete data: ${names}`, { hint: 'add --yes to confirm' });
  }
  const isWanted = await context.host.prompt.confirm({
    message: `Delete the data in ${names}?`,
    default: false,
  });
  if (!isWanted) throw new CancelledError('not confirmed: nothing was removed');
}

function formatDown(stackName: string, { removed, kept }: StackRemains): string {
  const what =
    removed.length === 0
      ? `stack ${stackName} does not run: nothing to remove`
      : `stack ${stackName} is down`;
  const data =
    kept.length === 0 ? [] : [`data is kept in ${kept.join(', ')} (remove it with \`pgmon down --volumes\`)`];
  return [what, ...data, ''].join('\n');
}

async function removeObserved(
  context: CommandContext,
  options: DownOptions,
  target: StackContext,
  world: ObservedWorld,
) {
  const provider = await context.provider();
  const { reporter, signal } = context;
  const deps = { provider, reporter, clock: context.host.clock };
  const limits = {
    volumes: options.volumes,
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  };
  const remains = await removeStack(deps, world, limits, signal);
  const { stackName } = target;
  return {
    exitCode: EXIT_CODES.done,
    text: formatDown(stackName, remains),
    json: { stack: stackName, ...remains },
  };
}

/** Nothing there is success. The output directory stays. */
export async function down(context: CommandContext, options: DownOptions): Promise<CommandResult> {
  context.provider().catch(() => undefined);
  const target = await findStack(context, options);
  const observe = async () => {
    const provider = await context.provider();
    return provider.observe({ ...target, services: [], networks: [], volumes: [] }, context.signal);
  };
  const first = await observe();
  refuseForeign(target, first);
  await confirmVolumes(context, options, first);
  // Nothing to guard where there is nothing: an output directory would be made for the lock alone.
  if (first.containers.length + first.networks.length + first.volumes.length === 0) {
    return removeObserved(context, options, target, first);
  }
  const lock = await lockStack(context.host, target.outDir, context.signal);
  try {
    return await removeObserved(context, options, target, await observe());
  } finally {
    await lock.release();
  }
}
