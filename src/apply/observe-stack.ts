/** Looks at everything that planning compares: daemon, files, secrets, ports, loaded configurations. Changes nothing. */
import path from 'node:path';
import type { Host } from '../host/host.ts';
import { compareFiles, type FileChange } from '../plan/file-changes.ts';
import { containerName, reactionTo, secretsPrefix } from '../plan/judge-service.ts';
import type { Observed, TakenPort } from '../plan/plan-input.ts';
import { compareSecretFiles } from '../plan/secret-changes.ts';
import type { ObservedWorld, Provider, StackContext } from '../providers/provider.ts';
import type { RenderedStack, Service } from '../stack/rendered-stack.ts';
import { readLoadState } from './config-load.ts';
import { type ObservedSecretFile, readSecretFiles } from './secret-files.ts';
import { readExistingFiles } from './write-files.ts';

export interface ObserveInput {
  readonly provider: () => Promise<Provider>;
  readonly host: Host;
  readonly outDir: string;
  readonly rendered: RenderedStack;
  /** Values by id; generated ones that do not exist yet are absent. */
  readonly secrets: () => Promise<ReadonlyMap<string, string>>;
}

export interface Observation extends Observed {
  readonly secrets: ReadonlyMap<string, string>;
  readonly secretFiles: ReadonlyMap<string, ObservedSecretFile>;
}

function observeDaemon(input: ObserveInput, signal: AbortSignal): Promise<ObservedWorld> {
  const { name, services, networks, volumes, users } = input.rendered;
  const context: StackContext = { stackName: name, outDir: input.outDir };
  return input
    .provider()
    .then((provider) => provider.observe({ ...context, services, networks, volumes, users }, signal));
}

/** Newest change of a file that the service is told about; directories count because a removed file leaves no other trace. */
async function configTime(input: ObserveInput, service: Service): Promise<number | null> {
  const prefixes = service.configInputs
    .filter(({ reaction }) => reaction.kind === 'reload')
    .map(({ prefix }) => prefix);
  const files = input.rendered.files
    .map((file) => file.path)
    .filter((file) => reactionTo(service, file)?.kind === 'reload');
  const watched = [...new Set([...files, ...prefixes])].map((file) => path.join(input.outDir, file));
  const infos = await Promise.all(watched.map((file) => input.host.fs.stat(file)));
  const times = infos.flatMap((info) => (info === null ? [] : [info.mtimeMs]));
  return times.length === 0 ? null : Math.max(...times);
}

async function observeConfigTimes(input: ObserveInput): Promise<ReadonlyMap<string, number>> {
  const { services } = input.rendered;
  const times = await Promise.all(services.map((service) => configTime(input, service)));
  return new Map(
    services.flatMap((service, index) => {
      const time = times[index] ?? null;
      return time === null ? [] : [[service.name, time] as const];
    }),
  );
}

function secretTimes(
  services: readonly Service[],
  files: ReadonlyMap<string, ObservedSecretFile>,
): ReadonlyMap<string, number> {
  return new Map(
    services.flatMap((service) => {
      const prefix = secretsPrefix(service);
      const times = [...files]
        .filter(([file]) => prefix !== null && file.startsWith(prefix))
        .map(([, { mtimeMs }]) => mtimeMs);
      return times.length === 0 ? [] : [[service.name, Math.max(...times)] as const];
    }),
  );
}

/** Services that ran already when their configuration changed: only they are asked what they have loaded. */
async function observeLoadedAt(
  input: ObserveInput,
  seen: {
    world: ObservedWorld;
    configTimes: ReadonlyMap<string, number>;
    secrets: ReadonlyMap<string, string>;
    fileChanges: readonly FileChange[];
  },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const asked = input.rendered.services.filter((service) => {
    const name = containerName(input.rendered, service.name);
    const container = seen.world.containers.find((one) => one.name === name);
    const changedAt = seen.configTimes.get(service.name);
    return (
      container?.status === 'running' && changedAt !== undefined && changedAt > (container.startedAtMs ?? 0)
    );
  });
  const states = await Promise.all(
    asked.map((service) => readLoadState(input.host, service, seen.secrets, signal)),
  );
  return new Map(
    asked.flatMap((service, index) => {
      const state = states[index] ?? null;
      return state === null ? [] : [[service.name, state.loadedAtMs] as const];
    }),
  );
}

/** Ports of services that do not run yet, taken by something that is not this stack's. */
async function observePorts(
  input: ObserveInput,
  world: ObservedWorld,
  signal: AbortSignal,
): Promise<readonly TakenPort[]> {
  const isUp = (status: string) => ['running', 'paused', 'restarting'].includes(status);
  const held = new Set(
    world.containers
      .filter((one) => isUp(one.status))
      .flatMap((one) => one.ports.map(({ hostPort }) => hostPort)),
  );
  const wanted = input.rendered.services
    .flatMap((service) =>
      service.ports.map((port) => ({ service: service.name, address: port.address, port: port.hostPort })),
    )
    .filter(({ port }) => !held.has(port));
  const free = await Promise.all(wanted.map(({ address, port }) => input.host.isPortFree(address, port)));
  const taken = wanted.filter((_, index) => free[index] === false);
  if (taken.length === 0) return [];
  const provider = await input.provider();
  return Promise.all(
    taken.map(async (one) => ({
      ...one,
      holder: (await provider.portHolder(one.port, one.address, signal)).holder,
    })),
  );
}

/** Rejects with the first EnvironmentError that any part meets. */
export async function observeStack(input: ObserveInput, signal: AbortSignal): Promise<Observation> {
  const { host, outDir, rendered } = input;
  const [world, existing, secrets, secretFiles, configTimes] = await Promise.all([
    observeDaemon(input, signal),
    readExistingFiles(host, outDir, rendered),
    input.secrets(),
    readSecretFiles(host, outDir),
    observeConfigTimes(input),
  ]);
  const fileChanges = compareFiles(rendered.files, existing);
  const texts = new Map([...secretFiles].map(([file, { text }]) => [file, text]));
  const [loadedAt, portsTaken] = await Promise.all([
    observeLoadedAt(input, { world, configTimes, secrets, fileChanges }, signal),
    observePorts(input, world, signal),
  ]);
  return {
    world,
    fileChanges,
    secretChanges: compareSecretFiles(rendered.secretFiles, secrets, texts),
    configTimes,
    secretTimes: secretTimes(rendered.services, secretFiles),
    loadedAt,
    portsTaken,
    secrets,
    secretFiles,
  };
}
