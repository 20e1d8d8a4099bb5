/** What services stand on: programs, users, networks and data are made here, each with its way back. */
import type { OperationOf } from '../plan/operations.ts';
import { type ApplyDeps, uninterrupted } from './apply-deps.ts';
import type { Journal } from './journal.ts';

/** Brings a program. Taken back last: until then something may still run as the user or use the program. */
export async function installProgram(
  deps: ApplyDeps,
  journal: Journal,
  { program, resource }: OperationOf<'install'>,
  signal: AbortSignal,
): Promise<void> {
  await deps.provider.install(program, signal);
  const run = () => deps.provider.uninstall(program, uninterrupted());
  journal.undos.push({ phase: 'machine', resource, run });
}

/** Makes a system user, which goes on the way back unless data of its own stays. */
export async function createUser(
  deps: ApplyDeps,
  journal: Journal,
  { key, resource }: OperationOf<'create-user'>,
): Promise<void> {
  const id = await deps.provider.create(deps.context, { kind: 'user', key }, uninterrupted());
  const owners = deps.rendered.services.filter(
    (service) => service.user === key && service.mounts.some((one) => one.kind === 'volume'),
  );
  const run = async () => {
    // Data that stays keeps its owner.
    if (owners.some((service) => journal.ready.has(service.name))) return;
    await deps.provider.remove({ kind: 'user', id }, uninterrupted());
  };
  journal.undos.push({ phase: 'machine', resource, run });
}

/** Makes a network, which goes on the way back. */
export async function createNetwork(
  deps: ApplyDeps,
  journal: Journal,
  { key, resource }: OperationOf<'create-network'>,
): Promise<void> {
  const id = await deps.provider.create(deps.context, { kind: 'network', key }, uninterrupted());
  const run = () => deps.provider.remove({ kind: 'network', id }, uninterrupted());
  journal.undos.push({ phase: 'resources', resource, run });
}

/** A new volume goes only as long as no service has served from it: until then it holds nothing that anybody could miss. */
export async function createVolume(
  deps: ApplyDeps,
  journal: Journal,
  { key, resource }: OperationOf<'create-volume'>,
): Promise<void> {
  const id = await deps.provider.create(deps.context, { kind: 'volume', key }, uninterrupted());
  journal.absentVolumes.delete(key);
  const users = deps.rendered.services.filter((service) =>
    service.mounts.some((one) => one.kind === 'volume' && one.source === key),
  );
  const run = async () => {
    if (users.some((service) => journal.ready.has(service.name))) return;
    await deps.provider.remove({ kind: 'volume', id }, uninterrupted());
    journal.absentVolumes.add(key);
  };
  journal.undos.push({ phase: 'resources', resource, run });
}
