/** The Docker provider: what pgmon asks of a runtime, answered by a Docker (or Podman) daemon through its API. */
import { EnvironmentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { processHolder } from '../process-holder.ts';
import type { ObservedContainer, Provider } from '../provider.ts';
import type { Connection } from './connection.ts';
import { connect, orNull, tolerate, within } from './connection.ts';
import { createResource } from './create-resource.ts';
import { formatAddress } from './endpoint.ts';
import { runExec } from './exec.ts';
import { readLogs } from './logs.ts';
import { observeWorld } from './observe.ts';
import { observedContainer } from './observed-container.ts';
import { containerHolder } from './port-holder.ts';
import { pullImage } from './pull.ts';
import { removeResource } from './remove-resource.ts';

const ANSWER_TIMEOUT_MS = 15_000;

async function describe({ docker, endpoint, call }: Connection, signal: AbortSignal): Promise<string> {
  const where = `${formatAddress(endpoint.address)} (from ${endpoint.source})`;
  const late = new EnvironmentError(
    `the Docker daemon at ${where} did not answer within ${ANSWER_TIMEOUT_MS / 1000} s`,
    {
      code: 'docker-unreachable',
      hint: 'see whether `docker version` answers; restart the daemon if not',
    },
  );
  const version = await call('ask the Docker daemon for its version', signal, () =>
    within(docker.version(), ANSWER_TIMEOUT_MS, late),
  );
  const podman = (version.Components ?? []).find(({ Name }) => Name === 'Podman Engine');
  return `${podman === undefined ? 'Docker' : 'Podman'} ${version.Version} at ${where}`;
}

async function inspect(
  { docker, call }: Connection,
  id: string,
  signal: AbortSignal,
): Promise<ObservedContainer | null> {
  const info = await call('inspect a container', signal, () => orNull(docker.getContainer(id).inspect()));
  return info === null ? null : observedContainer(info);
}

/** For what only the native runtime has; asking for it is a bug of ours. */
function notHere(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`a Docker daemon has no ${what}`));
}

/**
 * Finds the daemon and answers through it. Rejects with EnvironmentError when there is none. Making, starting and removing
 * are never given up halfway: aborted in the middle they still end, so that the caller knows what there is.
 */
export async function createDockerProvider(host: Host): Promise<Provider> {
  const connection = await connect(host);
  const { docker, call, change } = connection;
  return {
    kind: 'docker',
    describe: (signal) => describe(connection, signal),
    observe: (request, signal) =>
      call(`look at the stack ${request.stackName}`, signal, () => observeWorld(docker, host, request)),
    inspect: (id, signal) => inspect(connection, id, signal),
    pull: (reference, onProgress, signal) => pullImage(connection, host, reference, { onProgress, signal }),
    install: notHere('program'),
    uninstall: notHere('program'),
    removePrograms: notHere('program'),
    create: (context, resource, signal) => createResource(connection, context, resource, signal),
    start: (id, signal) =>
      change('start a container', signal, () => tolerate(docker.getContainer(id).start(), [304])),
    stop: (id, signal) =>
      call('stop a container', signal, () =>
        tolerate(docker.getContainer(id).stop({ abortSignal: signal }), [304, 404]),
      ),
    remove: (resource, signal) => removeResource(connection, resource, signal),
    rename: (id, name, signal) =>
      change(`rename a container to ${name}`, signal, async () => {
        await docker.getContainer(id).rename({ name });
      }),
    reread: async () => {},
    reload: (id, signal) =>
      change('reload a container', signal, async () => {
        await docker.getContainer(id).kill({ signal: 'SIGHUP' });
      }),
    exec: (containerId, command, options, signal) =>
      call(`run ${command[0] ?? 'a program'} in a container`, signal, () =>
        runExec(docker, { containerId, command, ...options }, signal),
      ),
    logs: (containers, options, signal) => readLogs(connection, containers, options, signal),
    portHolder: async (port, address, signal) => {
      const container = await call(`find the holder of port ${port}`, signal, () =>
        containerHolder(docker, port, address),
      );
      const holder =
        container === null ? await processHolder(host, port, address, signal) : `container ${container}`;
      return { address, port, holder };
    },
  };
}
