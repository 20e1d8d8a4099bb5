/** The native provider: what pgmon asks of a runtime, answered by systemd on this machine. A container is a unit in use. */
import { assertNever, CancelledError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { processHolder } from '../process-holder.ts';
import type { CommandOutput, Provider, ProviderResource, StackContext } from '../provider.ts';
import { readJournal } from './journal.ts';
import { observeNative } from './observe.ts';
import { describeSystemd, requireRoot, requireSystemd } from './require-systemd.ts';
import { askTool } from './run-tool.ts';
import { containersOf } from './show-units.ts';
import {
  enableUnit,
  ensureEnabled,
  readDefinitions,
  reloadUnit,
  removeUnit,
  startUnit,
  stopUnit,
} from './units.ts';
import { createUser, removeUser } from './users.ts';
import { createVolume, removeVolume } from './volumes.ts';

/** For what only containers have; asking for it is a bug of ours. */
function notHere(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`systemd has no ${what}`));
}

/** Runs one piece of work after the other: two programs that edit the same links or /etc/passwd get into each other's way. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

async function create(host: Host, { stackName }: StackContext, resource: ProviderResource): Promise<string> {
  switch (resource.kind) {
    case 'container':
      return enableUnit(host, stackName, resource.service.name);
    case 'volume':
      return createVolume(host, stackName, resource.key);
    case 'user':
      await createUser(host, stackName, resource.key);
      return resource.key;
    case 'network':
      return notHere('network')();
    default:
      return assertNever(resource);
  }
}

async function remove(
  host: Host,
  { kind, id }: Parameters<Provider['remove']>[0],
  stackNames: ReadonlySet<string>,
): Promise<void> {
  switch (kind) {
    case 'container':
      return removeUnit(host, id);
    case 'volume':
      return removeVolume(host, id);
    case 'user':
      return removeUser(host, { name: id, stackNames });
    case 'network':
      return;
    default:
      return assertNever(kind);
  }
}

/** On this machine: a unit has no inside of its own. */
async function exec(
  host: Host,
  command: readonly string[],
  { input, user }: { readonly input?: string; readonly user?: string },
  signal: AbortSignal,
): Promise<CommandOutput> {
  const words = user === undefined ? command : ['runuser', '-u', user, '--', ...command];
  const [file = '', ...args] = words;
  const tool = { action: `run ${command[0]}`, file, args, ...(input !== undefined && { input }) };
  const { exitCode, stdout, stderr } = await askTool(host, tool, { signal });
  return { exitCode: exitCode ?? 1, stdout, stderr };
}

/**
 * Rejects with EnvironmentError on a machine without systemd as PID 1, or with one that is too old. What changes anything
 * takes root, and is not given up halfway: aborted in the middle it still ends, so that the caller knows what there is.
 */
export async function createNativeProvider(host: Host): Promise<Provider> {
  await requireSystemd(host, host.signal);
  const inTurn = createQueue();
  // The stack at hand: only other stacks keep a shared user.
  const stackNames = new Set<string>();
  const change = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    requireRoot(host);
    if (signal.aborted) throw new CancelledError();
    return work();
  };
  return {
    kind: 'native',
    describe: (signal) => describeSystemd(host, signal),
    observe: (request, signal) => {
      stackNames.add(request.stackName);
      return observeNative(host, request, signal);
    },
    inspect: async (id, signal) => (await containersOf(host, [id], signal))[0] ?? null,
    pull: notHere('image'),
    install: (program, signal) =>
      change(signal, async () => {
        const { installProgram } = await import('./programs/install-program.ts');
        return inTurn(() => installProgram(host, program, signal));
      }),
    uninstall: (program, signal) =>
      change(signal, async () => {
        const { uninstallProgram } = await import('./programs/install-program.ts');
        return inTurn(() => uninstallProgram(host, program, signal));
      }),
    removePrograms: (stackName, signal) =>
      change(signal, async () => {
        const { removePrograms } = await import('./programs/remove-programs.ts');
        return inTurn(() => removePrograms(host, stackName, signal));
      }),
    create: (context, resource, signal) => {
      stackNames.add(context.stackName);
      return change(signal, () => inTurn(() => create(host, context, resource)));
    },
    start: (unit, signal) =>
      change(signal, async () => {
        await inTurn(() => ensureEnabled(host, unit, signal));
        return startUnit(host, unit, signal);
      }),
    stop: (unit, signal) => change(signal, () => stopUnit(host, unit, signal)),
    remove: (resource, signal) => change(signal, () => inTurn(() => remove(host, resource, stackNames))),
    rename: notHere('other name for a unit'),
    reread: (signal) => change(signal, () => readDefinitions(host, signal)),
    reload: (unit, signal) => change(signal, () => reloadUnit(host, unit, signal)),
    exec: (_unit, command, options, signal) => exec(host, command, options, signal),
    logs: (containers, options, signal) => readJournal(host, containers, options, signal),
    portHolder: async (port, address, signal) => ({
      address,
      port,
      holder: await processHolder(host, port, address, signal),
    }),
  };
}
