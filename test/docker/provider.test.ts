/** The Docker provider against the real daemon. */
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';
import type { LogLine, ObservedContainer, Provider, StackContext } from '../../src/providers/provider.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';
import { daemonMissing } from '../support/daemon.ts';
import { connectForTest, createStackContext, shellImage, shellService } from '../support/docker-services.ts';
import { freePorts } from '../support/running-stack.ts';

const signal = new AbortController().signal;
const host = createNodeHost({ signal });
/** A container that was just started says and becomes nothing at once. */
const SOON = { timeout: 30_000 };

interface World {
  readonly provider: Provider;
  readonly context: StackContext;
  readonly service: (own?: Partial<Service>) => Service;
  /** Makes the network and the container; with `isStarted` (default) starts it. */
  readonly run: (service: Service, isStarted?: boolean) => Promise<string>;
  readonly observe: (services: readonly Service[]) => ReturnType<Provider['observe']>;
}

async function openWorld(slug: string): Promise<World> {
  const context = await createStackContext(slug);
  const provider = await createDockerProvider(host);
  const image = await shellImage();
  await provider.create(context, { kind: 'network', key: 'default' }, signal);
  return {
    provider,
    context,
    service: (own) => shellService(context.stackName, image, own),
    run: async (service, isStarted = true) => {
      const id = await provider.create(context, { kind: 'container', service }, signal);
      if (isStarted) await provider.start(id, signal);
      return id;
    },
    observe: (services) =>
      provider.observe({ ...context, services, networks: ['default'], volumes: ['data'] }, signal),
  };
}

async function take<T>(source: AsyncIterable<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) {
    items.push(item);
    if (items.length === count) break;
  }
  return items;
}

async function textOf(source: AsyncIterable<LogLine>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { service, stream, text } of source) lines.push(`${service} ${stream} ${text}`);
  return lines;
}

describe.skipIf(daemonMissing !== null)(`the Docker provider${daemonMissing ?? ''}`, () => {
  test('says which daemon it speaks to', async () => {
    const provider = await createDockerProvider(host);
    expect(await provider.describe(signal)).toMatch(
      /^(Docker|Podman) \d+\.\S+ at (unix|tcp):\/\/\S+ \(from .+\)$/,
    );
  });

  describe('observe', () => {
    test('sees an empty world', async () => {
      const { observe, service } = await openWorld('empty');
      const absent = 'localhost/pgmon/no-such-image:0';
      const world = await observe([service(), service({ name: 'grafana', image: absent })]);
      expect(world).toMatchObject({
        containers: [],
        networks: [{ key: 'default' }],
        volumes: [],
        foreign: [],
      });
      expect(world.images.get(absent)).toBeNull();
      expect(world.images.get(await shellImage())?.id).toMatch(/^sha256:/);
    });

    test('sees containers of every state, also such as the spec no longer has, sorted by name', async () => {
      const { provider, context, observe, run, service } = await openWorld('states');
      await provider.create(context, { kind: 'volume', key: 'data' }, signal);
      await run(service({ name: 'prometheus' }), false);
      const stopped = await run(service({ name: 'grafana', command: ['exit 3'] }));
      await run(service({ name: 'alertmanager' }));
      await expect
        .poll(async () => (await provider.inspect(stopped, signal))?.status, SOON)
        .toBe('restarting');
      await provider.stop(stopped, signal);

      const world = await observe([service({ name: 'prometheus' }), service({ name: 'grafana' })]);
      expect(world.containers.map(({ service: name, status }) => [name, status])).toEqual([
        ['alertmanager', 'running'],
        ['grafana', 'exited'],
        ['prometheus', 'created'],
      ]);
      expect(world.containers[0]).toMatchObject({ serviceHash: 'hash-1', exitCode: null, health: 'none' });
      expect(world.containers[0]?.startedAtMs).toBeGreaterThan(Date.now() - 60_000);
      expect(world.containers[1]?.exitCode).toBe(3);
      expect(world.containers[2]?.startedAtMs).toBeNull();
      expect(world.volumes).toEqual([{ key: 'data', name: `${context.stackName}_data` }]);
    });

    test('tells what has our names but is not ours', async () => {
      const { context, observe, service } = await openWorld('foreign');
      const { docker } = await connectForTest();
      const name = `${context.stackName}-prometheus-1`;
      const stranger = await docker.createContainer({ name, Image: await shellImage(), Cmd: ['x'] });
      onTestFinished(() => stranger.remove({ force: true }));
      const volumeName = `${context.stackName}_data`;
      await docker.createVolume({ Name: volumeName });
      onTestFinished(() => docker.getVolume(volumeName).remove());

      const world = await observe([service()]);
      expect(world.containers).toEqual([]);
      expect(world.volumes).toEqual([]);
      expect(world.foreign).toEqual([
        { kind: 'container', name, reason: 'it was not made by pgmon or Docker Compose' },
        {
          kind: 'volume',
          name: `${context.stackName}_data`,
          reason: 'it was not made by pgmon or Docker Compose',
        },
      ]);
    });

    test('tells when a stack of this name runs from another directory, but not by another path to the same', async () => {
      const { provider, context, run, service } = await openWorld('other-dir');
      await run(service(), false);
      const request = { services: [service()], networks: ['default'], volumes: [] };
      const other = await provider.observe({ ...context, ...request, outDir: '/somewhere/else' }, signal);
      expect(other.containers).toEqual([]);
      expect(other.foreign).toEqual([
        expect.objectContaining({ kind: 'container', reason: expect.stringContaining(context.outDir) }),
      ]);
      const detour = await provider.observe(
        { ...context, ...request, outDir: `${context.outDir}/../${context.outDir.split('/').at(-1)}` },
        signal,
      );
      expect(detour.foreign).toEqual([]);
    });
  });

  describe('changing', () => {
    test('start, stop and remove may be repeated', async () => {
      const { provider, context, run, service } = await openWorld('repeat');
      const id = await run(service());
      await provider.start(id, signal);
      await provider.stop(id, signal);
      await provider.stop(id, signal);
      await Promise.all([1, 2, 3].map(() => provider.remove({ kind: 'container', id }, signal)));
      await provider.remove({ kind: 'container', id }, signal);
      await provider.stop(id, signal);
      expect(await provider.inspect(id, signal)).toBeNull();
      for (const kind of ['network', 'volume'] as const) {
        const name = `${context.stackName}_${kind === 'network' ? 'default' : 'data'}`;
        await provider.remove({ kind, id: name }, signal);
        await provider.remove({ kind, id: name }, signal);
      }
    });

    test('a name that is taken, an image that is absent and a network in use are told apart', async () => {
      const { provider, context, run, service } = await openWorld('conflicts');
      await run(service());
      await expect(run(service())).rejects.toMatchObject({ code: 'docker-conflict', exitCode: 4 });
      await expect(
        run(service({ name: 'grafana', image: 'localhost/pgmon/no-such-image:0' })),
      ).rejects.toMatchObject({
        code: 'image-missing',
        hint: expect.stringContaining('pgmon images build'),
      });
      await expect(
        provider.create(context, { kind: 'network', key: 'default' }, signal),
      ).rejects.toMatchObject({ code: 'docker-conflict' });
      await expect(
        provider.remove({ kind: 'network', id: `${context.stackName}_default` }, signal),
      ).rejects.toMatchObject({
        code: 'docker-conflict',
      });
    });

    test('what the daemon made for a client that was gone by then is taken, when it is what would be made', async () => {
      const { provider, context, run, service } = await openWorld('meanwhile');
      const { docker } = await connectForTest();
      const network = await docker.getNetwork(`${context.stackName}_default`).inspect();
      expect(await provider.create(context, { kind: 'network', key: 'default' }, signal)).toBe(network.Id);
      const id = await run(service(), false);
      expect(await run(service(), false)).toBe(id);
      await expect(run(service({ labels: { 'io.pgmon.service-hash': 'other' } }))).rejects.toMatchObject({
        code: 'docker-conflict',
      });
    });

    test('a network with the name of ours but not its labels is refused', async () => {
      const context = await createStackContext('labels');
      const provider = await createDockerProvider(host);
      const { docker } = await connectForTest();
      const stranger = await docker.createNetwork({ Name: `${context.stackName}_default` });
      onTestFinished(() => stranger.remove());
      await expect(
        provider.create(context, { kind: 'network', key: 'default' }, signal),
      ).rejects.toMatchObject({ code: 'docker-conflict' });
    });

    test('a taken port is told with its address, and its holder is found', async () => {
      const { provider, run, service } = await openWorld('port');
      const [hostPort = 0] = await freePorts(1);
      const ports = [{ address: '127.0.0.1', hostPort, containerPort: 9090 }];
      await run(service({ ports }));
      await expect(run(service({ name: 'grafana', ports }))).rejects.toMatchObject({
        code: 'port-taken',
        message: `cannot start a container: 127.0.0.1:${hostPort} is already in use`,
      });
      const { holder } = await provider.portHolder(hostPort, '127.0.0.1', signal);
      expect(holder).toMatch(/^container pgmon-test-port-\w+-prometheus-1$/);
    });

    test('a process that holds a port is found', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      onTestFinished(() => void server.close());
      const { port } = server.address() as { readonly port: number };
      const provider = await createDockerProvider(host);
      expect((await provider.portHolder(port, '127.0.0.1', signal)).holder).toMatch(
        new RegExp(`^process .+ \\(pid ${process.pid}\\)$`),
      );
    });

    test('nobody holds a free port', async () => {
      const [port = 0] = await freePorts(1);
      const provider = await createDockerProvider(host);
      expect(await provider.portHolder(port, '127.0.0.1', signal)).toEqual({
        address: '127.0.0.1',
        port,
        holder: null,
      });
    });

    test('rename keeps the labels and frees the name', async () => {
      const { provider, context, observe, run, service } = await openWorld('rename');
      const id = await run(service());
      await provider.rename(id, `${context.stackName}-prometheus-1-old`, signal);
      await run(service());
      expect((await observe([service()])).containers.map(({ name }) => name)).toEqual([
        `${context.stackName}-prometheus-1`,
        `${context.stackName}-prometheus-1-old`,
      ]);
    });

    test('reload reaches the main process', async () => {
      const { provider, observe, run, service } = await openWorld('reload');
      const id = await run(
        service({ command: ['trap "echo reloaded" HUP; echo ready; while :; do sleep 0.05; done'] }),
      );
      const { containers } = await observe([service()]);
      const read = () =>
        textOf(provider.logs(containers, { tail: 'all', follow: false, timestamps: false }, signal));
      await expect.poll(read, SOON).toContain('prometheus stdout ready');
      await provider.reload(id, signal);
      await expect.poll(read, SOON).toContain('prometheus stdout reloaded');
    });
  });

  describe('exec', () => {
    test('hands over input, both outputs and the exit code', async () => {
      const { provider, run, service } = await openWorld('exec');
      const id = await run(service());
      const outcome = await provider.exec(
        id,
        ['/bin/sh', '-c', 'cat; echo oops >&2; exit 7'],
        { input: 'größer\n' },
        signal,
      );
      expect(outcome).toEqual({ exitCode: 7, stdout: 'größer\n', stderr: 'oops\n' });
      const plain = await provider.exec(id, ['/bin/sh', '-c', 'id -u'], { user: '1234' }, signal);
      expect(plain).toEqual({ exitCode: 0, stdout: '1234\n', stderr: '' });
    });

    test('passes a megabyte through', async () => {
      const { provider, run, service } = await openWorld('exec-big');
      const id = await run(service());
      const input = 'x'.repeat(1 << 20);
      expect((await provider.exec(id, ['/bin/cat'], { input }, signal)).stdout).toHaveLength(input.length);
    });

    test('a program that is not there and a container that does not run are errors of ours or exit codes, never a hang', async () => {
      const { provider, run, service } = await openWorld('exec-bad');
      const id = await run(service());
      expect((await provider.exec(id, ['/no/such/program'], {}, signal)).exitCode).toBeGreaterThan(0);
      await provider.stop(id, signal);
      await expect(provider.exec(id, ['/bin/true'], {}, signal)).rejects.toMatchObject({
        code: 'docker-conflict',
        exitCode: 4,
      });
    });

    test.each([undefined, 'input'])('ends at once when aborted (input: %s)', async (input) => {
      const { provider, run, service } = await openWorld('exec-abort');
      const id = await run(service());
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      const options = input === undefined ? {} : { input };
      const startedMs = Date.now();
      await expect(
        provider.exec(id, ['/bin/sh', '-c', 'sleep 30'], options, controller.signal),
      ).rejects.toMatchObject({ code: 'interrupted' });
      expect(Date.now() - startedMs).toBeLessThan(10_000);
    });
  });

  describe('logs', () => {
    // The daemon reads each output by itself and stamps lines as it reads them: pauses longer than it may be late.
    const CHATTY =
      'i=0; while [ $i -lt 3 ]; do echo "out $i"; sleep 0.4; echo "err $i" >&2; sleep 0.4; i=$((i+1)); done; sleep 60';

    async function chatty(
      slug: string,
    ): Promise<{ readonly provider: Provider; readonly containers: readonly ObservedContainer[] }> {
      const { provider, observe, run, service } = await openWorld(slug);
      const services = [
        service({ name: 'prometheus', command: [CHATTY] }),
        service({ name: 'grafana', command: [CHATTY] }),
      ];
      for (const one of services) await run(one);
      const { containers } = await observe(services);
      return { provider, containers };
    }

    test('of several containers come in order of time, with and without it', async () => {
      const { provider, containers } = await chatty('logs');
      const read = (timestamps: boolean) =>
        textOf(provider.logs(containers, { tail: 'all', follow: false, timestamps }, signal));
      await expect.poll(async () => (await read(false)).length, SOON).toBe(12);
      const lines = await read(false);
      expect(lines.filter((line) => line.startsWith('grafana'))).toEqual(
        [0, 1, 2].flatMap((i) => [`grafana stdout out ${i}`, `grafana stderr err ${i}`]),
      );
      const stamps = (await read(true)).map((line) => line.split(' ')[2] ?? '');
      expect(stamps.every((stamp) => /^\d{4}-\d\d-\d\dT.*Z$/.test(stamp))).toBe(true);
      expect([...stamps].sort()).toEqual(stamps);
    });

    test('can begin at the last lines', async () => {
      const { provider, containers } = await chatty('logs-tail');
      const read = (tail: number | 'all') =>
        textOf(provider.logs(containers.slice(0, 1), { tail, follow: false, timestamps: false }, signal));
      await expect.poll(async () => (await read('all')).length, SOON).toBe(6);
      expect(await read(1)).toEqual(['grafana stderr err 2']);
      expect(await read(0)).toEqual([]);
    });

    test('are followed as they come, and a reader that stops early is let go', async () => {
      const { provider, containers } = await chatty('logs-follow');
      const lines = await take(
        provider.logs(containers, { tail: 'all', follow: true, timestamps: false }, signal),
        12,
      );
      expect(new Set(lines.map(({ service }) => service))).toEqual(new Set(['prometheus', 'grafana']));
    });

    test('followed end with CancelledError when aborted', async () => {
      const { provider, containers } = await chatty('logs-abort');
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      const options = { tail: 'all', follow: true, timestamps: false } as const;
      await expect(textOf(provider.logs(containers, options, controller.signal))).rejects.toMatchObject({
        code: 'interrupted',
      });
    });
  });

  describe('Ctrl-C', () => {
    test('before a change: nothing is made', async () => {
      const { provider, context, observe, service } = await openWorld('abort-early');
      await expect(
        provider.create(context, { kind: 'container', service: service() }, AbortSignal.abort()),
      ).rejects.toMatchObject({ code: 'interrupted' });
      expect((await observe([service()])).containers).toEqual([]);
    });

    test('in the middle of a change: it ends, and its id is known', async () => {
      const { provider, context, service } = await openWorld('abort-middle');
      const controller = new AbortController();
      const making = provider.create(context, { kind: 'container', service: service() }, controller.signal);
      controller.abort();
      expect(await provider.inspect(await making, signal)).toMatchObject({ status: 'created' });
    });

    test('while a container takes its time to stop: at once', async () => {
      const { provider, run, service } = await openWorld('abort-stop');
      const id = await run(
        service({ command: ['trap "" TERM; while :; do sleep 0.1; done'], stopGraceSeconds: 20 }),
      );
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      const startedMs = Date.now();
      await expect(provider.stop(id, controller.signal)).rejects.toMatchObject({ code: 'interrupted' });
      expect(Date.now() - startedMs).toBeLessThan(10_000);
    });
  });

  test('a pull from a registry that does not exist names the registry and the way out', async () => {
    const provider = await createDockerProvider(host);
    await expect(provider.pull('registry.invalid/pgmon/x:1', () => {}, signal)).rejects.toMatchObject({
      code: 'registry-unreachable',
      exitCode: 4,
      message: expect.stringContaining('registry.invalid'),
      hint: expect.stringMatching(/pgmon images build.*pgmon images load/),
    });
  });
});
