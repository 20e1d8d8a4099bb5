import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { COMPOSE_LABELS, PGMON_LABELS } from '../../../src/conventions.ts';
import { containerConfig } from '../../../src/providers/docker/container-config.ts';
import { observedContainer } from '../../../src/providers/docker/observed-container.ts';
import { foreignReason } from '../../../src/providers/docker/ownership.ts';
import { createPullProgress } from '../../../src/providers/docker/pull-progress.ts';
import { isInTheWay, listeningInode, parseLsof, stackHolder } from '../../../src/providers/process-holder.ts';
import { shellService } from '../../support/docker-services.ts';

const CONTEXT = { stackName: 'demo', outDir: '/srv/demo' };

describe('ownership', () => {
  const own = {
    [COMPOSE_LABELS.project]: 'demo',
    [PGMON_LABELS.stack]: 'demo',
    [COMPOSE_LABELS.workingDir]: '/srv/demo',
  };
  const same = (a: string, b: string) => a === b;

  test('our labels make it ours, also for volumes, which know no directory', () => {
    expect(foreignReason(own, CONTEXT, same)).toBeNull();
    const { [COMPOSE_LABELS.workingDir]: _, ...volume } = own;
    expect(foreignReason(volume, CONTEXT, same)).toBeNull();
  });

  test.each([
    [null, 'it was not made by pgmon or Docker Compose'],
    [
      { [COMPOSE_LABELS.project]: 'shop', [COMPOSE_LABELS.workingDir]: '/srv/shop' },
      'it belongs to the Compose project shop in /srv/shop',
    ],
    [
      { [COMPOSE_LABELS.project]: 'demo' },
      'it belongs to the Compose project demo, which pgmon did not make',
    ],
    [
      { ...own, [COMPOSE_LABELS.workingDir]: '/old' },
      'it belongs to the stack demo in /old, not to the one in /srv/demo',
    ],
  ])('%j: %s', (labels, reason) => {
    expect(foreignReason(labels, CONTEXT, same)).toBe(reason);
  });
});

describe('an inspected container', () => {
  const info = {
    Id: 'abc',
    Name: '/demo-prometheus-1',
    Image: 'sha256:1',
    State: { Status: 'exited', ExitCode: 3, StartedAt: '2026-01-01T00:00:00.5Z' },
    HostConfig: { PortBindings: { '9090/tcp': [{ HostIp: '', HostPort: '19090' }] } },
    Config: {
      Image: 'x:1',
      Labels: { [COMPOSE_LABELS.service]: 'prometheus', [PGMON_LABELS.serviceHash]: 'h' },
    },
  } as unknown as Docker.ContainerInspectInfo;
  const withState = (State: object) => observedContainer({ ...info, State } as Docker.ContainerInspectInfo);

  test('is told in our words', () => {
    expect(observedContainer(info)).toEqual({
      id: 'abc',
      name: 'demo-prometheus-1',
      service: 'prometheus',
      status: 'exited',
      health: 'none',
      exitCode: 3,
      startedAtMs: Date.UTC(2026, 0, 1) + 500,
      imageId: 'sha256:1',
      imageReference: 'x:1',
      serviceHash: 'h',
      ports: [{ address: '0.0.0.0', hostPort: 19_090, containerPort: 9090 }],
    });
  });

  test('that never started has no start and no exit code', () => {
    const created = withState({ Status: 'created', ExitCode: 0, StartedAt: '0001-01-01T00:00:00Z' });
    expect(created).toMatchObject({ status: 'created', startedAtMs: null, exitCode: null });
  });

  test.each([
    ['configured', 'created'],
    ['stopped', 'exited'],
    ['stopping', 'running'],
  ])("Podman's %s is %s", (status, expected) => {
    expect(withState({ Status: status, ExitCode: 0 }).status).toBe(expected);
  });

  test('left by docker compose run is not taken for the service', () => {
    const Labels = { ...info.Config.Labels, [COMPOSE_LABELS.oneoff]: 'True' };
    const oneOff = { ...info, Config: { ...info.Config, Labels } } as Docker.ContainerInspectInfo;
    expect(observedContainer(oneOff).service).toBe('demo-prometheus-1');
  });
});

describe('the request for a container', () => {
  test('asks for nothing that the service does not say', () => {
    const request = containerConfig(
      CONTEXT,
      shellService('demo', 'x:1', { entrypoint: [], command: [] }),
      'sha256:1',
    );
    for (const key of [
      'Entrypoint',
      'Cmd',
      'User',
      'StopSignal',
      'Healthcheck',
      'ExposedPorts',
      'Hostname',
    ]) {
      expect(request).not.toHaveProperty(key);
    }
    for (const key of ['Binds', 'Tmpfs', 'CapAdd', 'ShmSize'])
      expect(request.HostConfig).not.toHaveProperty(key);
  });

  test('hardens every service', () => {
    expect(containerConfig(CONTEXT, shellService('demo', 'x:1'), null).HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: true,
    });
  });

  test('publishes one container port on two addresses', () => {
    const ports = [
      { address: '127.0.0.1', hostPort: 1, containerPort: 9090 },
      { address: '::1', hostPort: 2, containerPort: 9090 },
    ];
    expect(
      containerConfig(CONTEXT, shellService('demo', 'x:1', { ports }), null).HostConfig?.PortBindings,
    ).toEqual({
      '9090/tcp': [
        { HostIp: '127.0.0.1', HostPort: '1' },
        { HostIp: '::1', HostPort: '2' },
      ],
    });
  });
});

describe('who holds a port', () => {
  const row = (local: string, state: string, inode: string) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
  const table = (...rows: readonly string[]) => ['  sl  local_address rem_address   st', ...rows].join('\n');

  test.each([
    ['0100007F:2382', '127.0.0.1'],
    ['00000000:2382', '127.0.0.1'],
    ['0100007F:2382', '0.0.0.0'],
    ['00000000000000000000000000000000:2382', '127.0.0.1'],
    ['00000000000000000000000001000000:2382', '::1'],
    ['0000000000000000FFFF00000100007F:2382', '127.0.0.1'],
  ])('a listener on %s is in the way of %s', (local, address) => {
    expect(listeningInode(table(row(local, '0A', '777')), 9090, address)).toBe('777');
  });

  test.each([
    ['another port', '0100007F:2383', '0A'],
    ['a connection, no listener', '0100007F:2382', '01'],
    ['another address', '0200007F:2382', '0A'],
  ])('%s is not', (_, local, state) => {
    expect(listeningInode(table(row(local, state, '777')), 9090, '127.0.0.1')).toBeNull();
  });

  test('any address is in the way of every address', () => {
    expect([isInTheWay('0.0.0.0', '10.0.0.1'), isInTheWay('10.0.0.1', '10.0.0.2')]).toEqual([true, false]);
  });

  test('lsof names process and id', () => {
    expect(parseLsof('p812\ncnginx\nf6\n')).toBe('process nginx (pid 812)');
    expect(parseLsof('')).toBeNull();
  });

  test.each([
    [
      '0::/system.slice/pgmon-my-shop-prometheus.service\n',
      'stack my-shop (pgmon-my-shop-prometheus.service, pid 812)',
    ],
    [
      '9:name=systemd:/docker/5df4/system.slice/pgmon-shop-sql-exporter.service\n8:pids:/docker/5df4\n',
      'stack shop (pgmon-shop-sql-exporter.service, pid 812)',
    ],
    ['0::/system.slice/nginx.service\n', null],
    ['0::/system.slice/pgmon-backup.service\n', null],
    ['', null],
  ])('the unit of a native stack is named as the stack: %j', (cgroup, holder) => {
    expect(stackHolder(cgroup, 812)).toBe(holder);
  });
});

test('pull progress adds up layers and never runs backwards', () => {
  const progressOf = createPullProgress('x:1');
  const layer = (id: string, status: string, current?: number, total?: number) =>
    progressOf({ id, status, progressDetail: current === undefined ? {} : { current, total } });
  expect(layer('a', 'Downloading', 10, 100)).toEqual({ reference: 'x:1', currentBytes: 10, totalBytes: 100 });
  expect(layer('b', 'Downloading', 5, 50)).toMatchObject({ currentBytes: 15, totalBytes: 150 });
  expect(layer('a', 'Download complete')).toMatchObject({ currentBytes: 105, totalBytes: 150 });
  expect(layer('a', 'Extracting', 1, 100)).toBeNull();
  expect(layer('c', 'Already exists')).toBeNull();
  expect(progressOf({ status: 'Digest: sha256:1' })).toBeNull();
});
