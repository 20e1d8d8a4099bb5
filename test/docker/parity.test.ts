/** What pgmon makes through the API equals what `docker compose up` makes from the rendered file. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createNodeHost } from '../../src/host/node-host.ts';
import { containerName, resourceName } from '../../src/providers/docker/compose-names.ts';
import type { Connection } from '../../src/providers/docker/connection.ts';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';
import type { StackContext } from '../../src/providers/provider.ts';
import { renderCompose } from '../../src/render/compose.ts';
import { createTemplateEngine } from '../../src/render/template-engine.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';
import { composeCommand } from '../support/compose.ts';
import { daemonMissing } from '../support/daemon.ts';
import {
  connectForTest,
  createStackContext,
  shellImage,
  shellService,
  writeOutFiles,
} from '../support/docker-services.ts';
import { type IgnoredField, inspectDifferences } from '../support/inspect-differences.ts';
import { freePorts } from '../support/running-stack.ts';
import { readTemplatesForTest } from '../support/stack-fixture.ts';
import { createTestStack, fullSpec } from '../support/test-stack.ts';

const signal = new AbortController().signal;
const compose = await composeCommand();

const IGNORED_IN_CONTAINERS: readonly IgnoredField[] = [
  { pattern: /^Id$/, reason: 'the daemon draws it' },
  { pattern: /^Config\.Hostname$/, reason: 'the first digits of the id, as no host name is asked for' },
  { pattern: /^(Created|State\.(StartedAt|FinishedAt|Pid))$/, reason: 'moment and process of this start' },
  { pattern: /^State\.Health\.(Log|Status|FailingStreak)/, reason: 'how far its healthchecks have come' },
  { pattern: /^ExecIDs(\[|$)/, reason: 'a healthcheck may run at the moment of the look' },
  { pattern: /^(ResolvConfPath|HostnamePath|HostsPath|LogPath)$/, reason: 'contain the id' },
  { pattern: /^GraphDriver\.Data\./, reason: "the container's own layer" },
  { pattern: /^NetworkSettings\.(SandboxID|SandboxKey)$/, reason: 'the daemon draws them' },
  { pattern: /^NetworkSettings\.Networks\.[^.]+\.(NetworkID|EndpointID)$/, reason: 'the daemon draws them' },
  {
    pattern: /^NetworkSettings\.Networks\.[^.]+\.(Gateway|IPAddress|IPPrefixLen|MacAddress)$/,
    reason: 'the next free addresses',
  },
  {
    pattern: /^NetworkSettings\.Networks\.[^.]+\.(Aliases|DNSNames)\[2\]$/,
    reason: 'the first digits of the id',
  },
  {
    pattern: /^Config\.Labels\.com\.docker\.compose\.config-hash$/,
    reason: "compose's hash of its own model; pgmon has its own",
  },
];

const IGNORED_IN_NETWORKS: readonly IgnoredField[] = [
  { pattern: /^(Id|Created)$/, reason: 'the daemon draws them' },
  { pattern: /^IPAM\.Config\[0\]\.(Subnet|Gateway)$/, reason: 'the next free address range' },
  { pattern: /^Containers\./, reason: 'contain ids and addresses' },
  {
    pattern: /^Labels\.com\.docker\.compose\.config-hash$/,
    reason: "compose's hash of its own model; compose makes do without",
  },
];

const IGNORED_IN_VOLUMES: readonly IgnoredField[] = [
  { pattern: /^CreatedAt$/, reason: 'moment of making' },
  {
    pattern: /^Labels\.com\.docker\.compose\.config-hash$/,
    reason: "compose's hash of its own model; compose makes do without",
  },
];

type Inspected = {
  readonly containers: Readonly<Record<string, unknown>>;
  readonly network: unknown;
  readonly volume: unknown;
};

/** Lists that compose fills in the random order of a Go map are put in order. */
function inOrder(
  info: Awaited<ReturnType<ReturnType<Connection['docker']['getContainer']>['inspect']>>,
): unknown {
  const label = 'com.docker.compose.depends_on';
  const dependsOn = (info.Config.Labels[label] ?? '').split(',').sort().join(',');
  const Labels = { ...info.Config.Labels, [label]: dependsOn };
  const HostConfig = { ...info.HostConfig, Binds: [...(info.HostConfig.Binds ?? [])].sort() };
  const Mounts = [...info.Mounts].sort((a, b) => (a.Destination < b.Destination ? -1 : 1));
  return {
    ...info,
    Mounts,
    HostConfig,
    Config: { ...info.Config, Env: [...info.Config.Env].sort(), Labels },
  };
}

async function inspectStack(
  { stackName }: StackContext,
  services: readonly { readonly name: string }[],
): Promise<Inspected> {
  const { docker } = await connectForTest();
  const infos = await Promise.all(
    services.map(({ name }) => docker.getContainer(containerName(stackName, name)).inspect()),
  );
  return {
    containers: Object.fromEntries(
      services.map(({ name }, index) => [name, infos[index] && inOrder(infos[index])]),
    ),
    network: await docker.getNetwork(resourceName(stackName, 'default')).inspect(),
    volume: await docker.getVolume(resourceName(stackName, 'prometheus-data')).inspect(),
  };
}

const LOOP = 'trap "exit 0" INT; echo to stderr >&2; while :; do sleep 0.1; done';

/** Uses every field of a service, with values that YAML or compose could misread. */
async function everyField(context: StackContext): Promise<readonly Service[]> {
  const [hostPort = 0] = await freePorts(1);
  const image = await shellImage();
  const service = (own: Partial<Service>) => shellService(context.stackName, image, own);
  const full = service({
    name: 'prometheus',
    command: [LOOP, '$HOME $$ {{x}} # no comment', `\${UNSET}`],
    user: '65534:65534',
    environment: {
      PLAIN: 'b',
      EMPTY: '',
      DOLLAR: `$HOME $$ \${X}`,
      NO: 'no',
      NUMBER: '012',
      TIME: '12:30:45',
      TEXT: 'a "b" # c: d\\e',
    },
    ports: [{ address: '127.0.0.1', hostPort, containerPort: 9090 }],
    mounts: [
      {
        kind: 'bind',
        source: './prometheus',
        target: '/etc/prometheus',
        isReadOnly: true,
        propagation: null,
      },
      { kind: 'bind', source: '/usr/share', target: '/host', isReadOnly: true, propagation: null },
      { kind: 'volume', source: 'prometheus-data', target: '/data' },
    ],
    tmpfs: ['/tmp:size=16m,mode=1777'],
    extraHosts: ['host.docker.internal:host-gateway'],
    capAdd: ['CHOWN'],
    shmBytes: 33_554_432,
    stopSignal: 'SIGINT',
    stopGraceSeconds: 20,
    healthcheck: {
      command: ['/bin/sh', '-c', 'test -n "$$"'],
      intervalSeconds: 15,
      timeoutSeconds: 5,
      retries: 3,
      startPeriodSeconds: 10,
    },
  });
  const plain = service({
    name: 'grafana',
    isReadOnlyRoot: false,
    dependsOn: [{ service: 'prometheus', condition: 'service_started' }],
  });
  const both = service({
    name: 'alertmanager',
    dependsOn: [
      { service: 'prometheus', condition: 'service_started' },
      { service: 'grafana', condition: 'service_started' },
    ],
  });
  return [full, plain, both];
}

const run = promisify(execFile);

async function runCompose(words: readonly string[], { outDir }: StackContext): Promise<string> {
  const [file = '', ...first] = compose ?? [];
  const { stdout } = await run(file, [...first, ...words], { cwd: outDir, maxBuffer: 1 << 24 });
  return stdout;
}

const VOLUMES = ['prometheus-data'];

async function bringUp(context: StackContext, services: readonly Service[]): Promise<void> {
  const provider = await createDockerProvider(createNodeHost({ signal }));
  await provider.create(context, { kind: 'network', key: 'default' }, signal);
  for (const key of VOLUMES) await provider.create(context, { kind: 'volume', key }, signal);
  for (const service of services) {
    await provider.start(await provider.create(context, { kind: 'container', service }, signal), signal);
  }
}

async function writeStack(context: StackContext, services: readonly Service[]): Promise<void> {
  const engine = createTemplateEngine(readTemplatesForTest());
  const input = { name: context.stackName, services, volumes: VOLUMES, networks: ['default'] };
  const { content } = renderCompose(input, { header: 'test', fill: engine });
  await writeOutFiles(context.outDir, {
    'docker-compose.yml': content,
    'prometheus/prometheus.yml': 'x: 1\n',
  });
}

const reasonToSkip =
  daemonMissing ?? (compose === null ? ' (skipped: no Docker Compose to compare with)' : null);

describe.skipIf(reasonToSkip !== null)(`a stack made by pgmon${reasonToSkip ?? ''}`, () => {
  test('is, field by field, what docker compose up makes', async () => {
    const context = await createStackContext('parity');
    const services = await everyField(context);
    await writeStack(context, services);

    await runCompose(['up', '-d'], context);
    const expected = await inspectStack(context, services);
    await runCompose(['down', '-v'], context);
    await bringUp(context, services);
    const made = await inspectStack(context, services);

    for (const { name } of services) {
      expect(
        inspectDifferences(expected.containers[name], made.containers[name], IGNORED_IN_CONTAINERS),
        name,
      ).toEqual([]);
    }
    expect(inspectDifferences(expected.network, made.network, IGNORED_IN_NETWORKS)).toEqual([]);
    expect(inspectDifferences(expected.volume, made.volume, IGNORED_IN_VOLUMES)).toEqual([]);
  });

  test('made by pgmon up from a spec equals it too, service by service', async () => {
    const stack = await createTestStack('parity-up');
    await stack.writeSpec(fullSpec(stack));
    const { code, stderr } = await stack.pgmon(['up']);
    expect(code, stderr).toBe(0);
    const context = { stackName: stack.name, outDir: stack.outDir };
    const services = (await stack.world()).containers.map(({ service }) => ({ name: service }));

    const made = await inspectStack(context, services);
    await runCompose(['down'], context);
    await runCompose(['up', '-d'], context);
    const expected = await inspectStack(context, services);

    expect(services.map(({ name }) => name)).toEqual(expect.arrayContaining(['postgres', 'prometheus']));
    for (const { name } of services) {
      expect(
        inspectDifferences(expected.containers[name], made.containers[name], IGNORED_IN_CONTAINERS),
        name,
      ).toEqual([]);
    }
  });

  test('is seen by docker compose ps and logs', async () => {
    const context = await createStackContext('compose-ps');
    const services = await everyField(context);
    await writeStack(context, services);
    await bringUp(context, services);

    expect((await runCompose(['ps', '--services'], context)).trim().split('\n').sort()).toEqual([
      'alertmanager',
      'grafana',
      'prometheus',
    ]);
    // The daemon takes a moment to keep what a container says.
    const logs = () => runCompose(['logs', 'prometheus'], context);
    await expect.poll(logs, { timeout: 30_000, interval: 200 }).toContain('to stderr');
    const projects: unknown = JSON.parse(
      await runCompose(['ls', '--all', '--format', 'json', '--filter', `name=${context.stackName}`], context),
    );
    expect(projects).toEqual([
      expect.objectContaining({ ConfigFiles: `${context.outDir}/docker-compose.yml` }),
    ]);
  });

  test('keeps its network and volume when docker compose up takes it over', async () => {
    const context = await createStackContext('takeover');
    const services = await everyField(context);
    await writeStack(context, services);
    await bringUp(context, services);
    const before = await inspectStack(context, services);
    await runCompose(['up', '-d'], context);
    const after = await inspectStack(context, services);

    expect(after.volume).toEqual(before.volume);
    expect(
      inspectDifferences(before.network, after.network, [
        { pattern: /^Containers\./, reason: 'compose recreates containers' },
      ]),
    ).toEqual([]);
  });

  test('is removed by docker compose down, data only with -v', async () => {
    const context = await createStackContext('compose-down');
    const services = await everyField(context);
    await writeStack(context, services);
    await bringUp(context, services);
    const provider = await createDockerProvider(createNodeHost({ signal }));
    const observe = () =>
      provider.observe({ ...context, services, networks: ['default'], volumes: VOLUMES }, signal);

    await runCompose(['down'], context);
    expect(await observe()).toMatchObject({
      containers: [],
      networks: [],
      volumes: [{ key: 'prometheus-data' }],
      foreign: [],
    });
    await runCompose(['down', '-v'], context);
    expect((await observe()).volumes).toEqual([]);
  });
});
