/** What each kind of operation does, and what is noted for the way back. */
import { assertNever } from '../errors.ts';
import type { Operation, OperationOf } from '../plan/operations.ts';
import { type ApplyDeps, uninterrupted } from './apply-deps.ts';
import { ensureRoles, passwordsAsTheyAre } from './ensure-roles.ts';
import type { Journal } from './journal.ts';
import { runPsql } from './psql.ts';
import { pullImage } from './pull-image.ts';
import { reloadService } from './reload-service.ts';
import { createNetwork, createUser, createVolume, installProgram } from './run-ground.ts';
import { runWriteFiles, runWriteSecrets } from './run-writes.ts';
import { waitReady } from './wait-ready.ts';

async function create(deps: ApplyDeps, journal: Journal, { service }: OperationOf<'create'>): Promise<void> {
  const id = await deps.provider.create(deps.context, { kind: 'container', service }, uninterrupted());
  journal.created.set(service.name, id);
  const run = async () => {
    // What has served may have data to write before it ends; what has not is only waited for in vain.
    if (journal.ready.has(service.name)) await deps.provider.stop(id, uninterrupted());
    await deps.provider.remove({ kind: 'container', id }, uninterrupted());
  };
  journal.undos.push({ phase: 'containers', resource: service.name, run });
}

async function setAside(
  deps: ApplyDeps,
  journal: Journal,
  { container, name }: OperationOf<'set-aside'>,
): Promise<void> {
  await deps.provider.rename(container.id, name, uninterrupted());
  const run = () => deps.provider.rename(container.id, container.name, uninterrupted());
  journal.undos.push({ phase: 'names', resource: container.service, run });
}

/** What a definition on disk has changed since it stopped is not what a way back may leave running. */
async function start(deps: ApplyDeps, journal: Journal, operation: OperationOf<'start'>): Promise<void> {
  const { service, container } = operation;
  const run = () => deps.provider.stop(containerId(journal, operation, service.name), uninterrupted());
  if (container !== null && deps.provider.kind === 'native')
    journal.undos.push({ phase: 'containers', resource: service.name, run });
  await deps.provider.start(containerId(journal, operation, service.name), uninterrupted());
}

async function stop(deps: ApplyDeps, journal: Journal, { container }: OperationOf<'stop'>): Promise<void> {
  const wasUp = container.status === 'running' || container.status === 'restarting';
  const run = () => deps.provider.start(container.id, uninterrupted());
  // Noted before: a stop that fails halfway may have stopped it all the same.
  if (wasUp) journal.undos.push({ phase: 'services', resource: container.service, run });
  await deps.provider.stop(container.id, uninterrupted());
}

async function restart(
  deps: ApplyDeps,
  journal: Journal,
  { container }: OperationOf<'restart'>,
): Promise<void> {
  const run = async () => {
    await deps.provider.stop(container.id, uninterrupted());
    await deps.provider.start(container.id, uninterrupted());
  };
  journal.undos.push({ phase: 'services', resource: container.service, run });
  await run();
}

async function reload(
  deps: ApplyDeps,
  journal: Journal,
  operation: OperationOf<'reload'>,
  signal: AbortSignal,
): Promise<void> {
  const run = () => deps.provider.reload(operation.container.id, uninterrupted());
  journal.undos.push({ phase: 'services', resource: operation.service.name, run });
  await reloadService(deps, { ...operation, secrets: journal.secrets ?? deps.secrets }, signal);
}

async function setUpRoles(
  deps: ApplyDeps,
  journal: Journal,
  target: Parameters<typeof ensureRoles>[1],
  signal: AbortSignal,
): Promise<void> {
  const before = await passwordsAsTheyAre(deps, target, signal);
  const run = async () => {
    await runPsql(deps, target, before, uninterrupted());
  };
  // In the first phase: the server that was changed still runs then, whichever of the two it is.
  if (before.length > 0) journal.undos.push({ phase: 'roles', resource: 'roles of postgres', run });
  await ensureRoles(deps, target, signal);
}

function containerId(
  journal: Journal,
  operation: { readonly container: { readonly id: string } | null },
  service: string,
): string {
  const id = operation.container?.id ?? journal.created.get(service);
  if (id === undefined) throw new Error(`no container was made for ${service}`);
  return id;
}

/** Does one operation. Calls that make or change something are never left halfway; waits and pulls end with `signal`. */
export async function runOperation(
  deps: ApplyDeps,
  journal: Journal,
  operation: Operation,
  signal: AbortSignal,
): Promise<void> {
  const secrets = journal.secrets ?? deps.secrets;
  switch (operation.kind) {
    case 'pull':
      return pullImage(deps, operation, signal);
    case 'install':
      return installProgram(deps, journal, operation, signal);
    case 'write-files':
      return runWriteFiles(deps, journal, operation);
    case 'write-secrets':
      return runWriteSecrets(deps, journal, operation);
    case 'create-user':
      return createUser(deps, journal, operation);
    case 'create-network':
      return createNetwork(deps, journal, operation);
    case 'create-volume':
      return createVolume(deps, journal, operation);
    case 'set-aside':
      return setAside(deps, journal, operation);
    case 'stop':
      return stop(deps, journal, operation);
    case 'create':
      return create(deps, journal, operation);
    case 'start':
      return start(deps, journal, operation);
    case 'restart':
      return restart(deps, journal, operation);
    case 'reload':
      return reload(deps, journal, operation, signal);
    case 'wait': {
      const { service } = operation;
      await waitReady(
        deps,
        { service, secrets, containerId: containerId(journal, operation, service.name) },
        signal,
      );
      journal.ready.add(service.name);
      return;
    }
    case 'ensure-roles': {
      const target = {
        server: operation.server,
        secrets,
        containerId: containerId(journal, operation, 'postgres'),
      };
      return setUpRoles(deps, journal, target, signal);
    }
    case 'remove':
      journal.isFinal ||= operation.isFinal;
      return deps.provider.remove({ kind: 'container', id: operation.container.id }, uninterrupted());
    default:
      return assertNever(operation);
  }
}
