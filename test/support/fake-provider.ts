/** A runtime in memory: keeps containers, networks and volumes, records every call, and fails where a test says so. */
import { EnvironmentError } from '../../src/errors.ts';
import type { ObservedContainer, ObservedWorld, Provider } from '../../src/providers/provider.ts';
import { createContainer } from './world-fixture.ts';

export interface FakeProvider extends Provider {
  /** `create prometheus`, `start id-1`, … in the order in which they were asked for. */
  readonly calls: readonly string[];
  readonly containers: () => readonly ObservedContainer[];
  readonly networks: () => readonly string[];
  readonly volumes: () => readonly string[];
}

export interface FakeProviderOptions {
  /** Called before each call takes effect; what it throws is the call's failure. */
  readonly onCall?: (call: string) => void | Promise<void>;
  readonly logLines?: readonly string[];
  readonly exec?: Provider['exec'];
}

function missing(id: string): EnvironmentError {
  return new EnvironmentError(`no container ${id}`, { code: 'docker-not-found' });
}

export function createFakeProvider(world: ObservedWorld, options: FakeProviderOptions = {}): FakeProvider {
  const calls: string[] = [];
  const containers = new Map(world.containers.map((one) => [one.id, one]));
  const networks = new Set(world.networks.map(({ name }) => name));
  const volumes = new Set(world.volumes.map(({ name }) => name));
  const note = async (call: string) => {
    calls.push(call);
    await options.onCall?.(call);
  };
  const update = (id: string, change: Partial<ObservedContainer>) => {
    const container = containers.get(id);
    if (container === undefined) throw missing(id);
    containers.set(id, { ...container, ...change });
  };
  return {
    kind: 'docker',
    calls,
    containers: () => [...containers.values()],
    networks: () => [...networks],
    volumes: () => [...volumes],
    describe: async () => 'a runtime in memory',
    observe: async () => world,
    inspect: async (id) => containers.get(id) ?? null,
    pull: async (reference) => note(`pull ${reference}`),
    install: async ({ component }) => note(`install ${component}`),
    uninstall: async ({ component }) => note(`uninstall ${component}`),
    removePrograms: async (stackName) => {
      await note(`remove programs of ${stackName}`);
      return { removed: [], kept: [] };
    },
    reread: async () => {},
    create: async ({ stackName }, resource) => {
      if (resource.kind !== 'container') {
        const name = `${stackName}_${resource.key}`;
        await note(`create ${name}`);
        (resource.kind === 'network' ? networks : volumes).add(name);
        return name;
      }
      const { service } = resource;
      await note(`create ${service.name}`);
      const name = `${stackName}-${service.name}-1`;
      if ([...containers.values()].some((one) => one.name === name))
        throw new Error(`the name ${name} is taken`);
      const id = `new-${service.name}`;
      containers.set(id, createContainer(stackName, service, { id, status: 'created', startedAtMs: null }));
      return id;
    },
    start: async (id) => {
      await note(`start ${id}`);
      update(id, { status: 'running', startedAtMs: Date.now() });
    },
    stop: async (id) => {
      await note(`stop ${id}`);
      update(id, { status: 'exited', exitCode: 0 });
    },
    remove: async ({ kind, id }) => {
      await note(`remove ${id}`);
      if (kind === 'container') containers.delete(id);
      else (kind === 'network' ? networks : volumes).delete(id);
    },
    rename: async (id, name) => {
      await note(`rename ${id} ${name}`);
      update(id, { name });
    },
    reload: async (id) => note(`reload ${id}`),
    exec: async (id, command, input, signal) => {
      await note(`exec ${command[0]} in ${id}`);
      return options.exec?.(id, command, input, signal) ?? { exitCode: 0, stdout: '', stderr: '' };
    },
    async *logs(asked) {
      for (const { service } of asked) {
        for (const text of options.logLines ?? []) yield { service, stream: 'stderr', text };
      }
    },
    portHolder: async (port, address) => ({ port, address, holder: null }),
  };
}
