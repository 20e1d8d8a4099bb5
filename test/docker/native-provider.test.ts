/** The native provider on a machine with a real systemd, with small units of the test's own. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PgmonError } from '../../src/errors.ts';
import type { Host } from '../../src/host/host.ts';
import { createNativeProvider } from '../../src/providers/native/native-provider.ts';
import type { LogLine, ObservedContainer, ObserveRequest, Provider } from '../../src/providers/provider.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';
import { shellService } from '../support/docker-services.ts';
import { systemdMissing } from '../support/systemd-image.ts';
import { type SystemdWorld, startSystemdWorld } from '../support/systemd-world.ts';
import { createWorldHost } from '../support/world-host.ts';

const missing = await systemdMissing();
const LIMITS = { timeout: 20_000, interval: 50 };
const eventually = <T>(work: () => Promise<T>): Promise<T> => vi.waitFor(work, LIMITS);
const NEVER = new AbortController().signal;
const STACK = 'shop';
const context = { stackName: STACK, outDir: `/etc/pgmon/${STACK}` };
const UNIT = `pgmon-${STACK}-prometheus.service`;
const ORPHAN = `pgmon-${STACK}-grafana.service`;
const TARGET = `pgmon-${STACK}.target`;

const service: Service = shellService(STACK, 'prometheus 3.5.3');
const request: ObserveRequest = {
  ...context,
  services: [service],
  networks: [],
  volumes: [],
  users: [{ name: 'pgmon-prometheus', description: 'pgmon Prometheus' }],
};

interface UnitSettings {
  readonly start: string;
  readonly hash?: string;
  readonly more?: readonly string[];
}

function unitFile({ start, hash = 'aaa1', more = [] }: UnitSettings): string {
  return [
    '[Unit]',
    `PartOf=${TARGET}`,
    '[Service]',
    'Type=exec',
    `Environment="PGMON_SERVICE_HASH=${hash}"`,
    `ExecStart=/bin/sh -c ${JSON.stringify(start)}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'TimeoutStopSec=2',
    ...more,
    '[Install]',
    `WantedBy=${TARGET}`,
    '',
  ].join('\n');
}

const LOOP = "trap 'echo reloaded' HUP; trap 'exit 0' TERM; echo began; while :; do sleep 0.1; done";
const systemFile = (dir: string, name: string) => `/etc/${dir}/${name}`;
const unitPath = (name: string) => systemFile('systemd/system', name);

async function rejection(work: Promise<unknown>): Promise<PgmonError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PgmonError)) throw new Error(`no error of pgmon: ${String(error)}`);
  return error;
}

async function collect(lines: AsyncIterable<LogLine>): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of lines) texts.push(text);
  return texts;
}

describe.each(['bookworm', 'forky'] as const)(`units on %s${missing ?? ''}`, (release) => {
  const test = it.skipIf(missing !== null);
  let world: SystemdWorld;
  let host: Host;
  let provider: Provider;

  beforeAll(async () => {
    if (missing !== null) return;
    world = await startSystemdWorld({ release, slug: 'provider' });
    host = createWorldHost(world);
    provider = await createNativeProvider(host);
  });
  afterAll(() => world?.remove());

  const write = async (name: string, settings: UnitSettings) => {
    await world.writeFile(unitPath(name), unitFile(settings));
    await world.writeFile(unitPath(TARGET), '[Install]\nWantedBy=multi-user.target\n');
    await provider.reread(NEVER);
  };
  const bring = async (settings: UnitSettings) => {
    await write(UNIT, settings);
    const id = await provider.create(context, { kind: 'container', service }, NEVER);
    await provider.start(id, NEVER);
    return id;
  };
  const until = (isSo: (unit: ObservedContainer | null) => boolean) =>
    eventually(async () => {
      const unit = await provider.inspect(UNIT, NEVER);
      if (!isSo(unit)) throw new Error(`the unit is ${JSON.stringify(unit)}`);
      return unit;
    });
  const clean = async () => {
    for (const unit of [UNIT, ORPHAN]) await provider.remove({ kind: 'container', id: unit }, NEVER);
    await world.shell(
      `rm -f ${unitPath(UNIT)} ${unitPath(ORPHAN)} ${unitPath(TARGET)}; systemctl daemon-reload`,
    );
  };
  const observe = () => provider.observe(request, NEVER);

  test('says which systemd and which distribution this is', async () => {
    const expected =
      release === 'bookworm' ? /^systemd 252 on Debian GNU\/Linux 12$/ : /^systemd 2\d\d on Debian/;
    expect(await provider.describe(NEVER)).toMatch(expected);
  });

  test('a unit is created, started, stopped and removed, and nothing of it stays enabled', async () => {
    expect((await observe()).containers).toEqual([]);
    await write(UNIT, { start: LOOP });
    expect((await observe()).containers, 'a file alone is no container').toEqual([]);
    expect(await provider.create(context, { kind: 'container', service }, NEVER)).toBe(UNIT);
    expect((await observe()).containers).toMatchObject([
      {
        id: UNIT,
        service: 'prometheus',
        status: 'created',
        exitCode: null,
        startedAtMs: null,
        serviceHash: 'aaa1',
      },
    ]);
    expect((await world.shell(`systemctl is-enabled ${UNIT} ${TARGET}`)).trim()).toBe('enabled\nenabled');

    const beforeMs = Number((await world.shell('date +%s%3N')).trim());
    await provider.start(UNIT, NEVER);
    const running = await until((unit) => unit?.status === 'running');
    expect(running?.serviceHash).toBe('aaa1');
    expect(running?.startedAtMs ?? 0).toBeGreaterThanOrEqual(beforeMs);
    expect((running?.startedAtMs ?? 0) - beforeMs).toBeLessThan(10_000);

    await provider.stop(UNIT, NEVER);
    await provider.stop(UNIT, NEVER);
    expect(await provider.inspect(UNIT, NEVER)).toMatchObject({ status: 'exited', exitCode: 0 });
    await provider.remove({ kind: 'container', id: UNIT }, NEVER);
    await provider.remove({ kind: 'container', id: UNIT }, NEVER);
    expect((await observe()).containers, 'its file is still there').toEqual([]);
    expect(await world.shell(`find /etc/systemd/system -name '*${STACK}*'`)).toBe(
      `${unitPath(TARGET)}\n${unitPath(UNIT)}\n`.split('\n').sort().join('\n').trimStart().concat('\n'),
    );
    await clean();
  });

  test('a running unit tells the hash that it was started with, not the one of its new file', async () => {
    await bring({ start: LOOP, hash: 'aaa1' });
    await until((unit) => unit?.status === 'running');
    await write(UNIT, { start: LOOP, hash: 'bbb2' });
    expect(await provider.inspect(UNIT, NEVER)).toMatchObject({ serviceHash: 'aaa1' });
    await provider.stop(UNIT, NEVER);
    await provider.start(UNIT, NEVER);
    await until((unit) => unit?.status === 'running');
    expect(await provider.inspect(UNIT, NEVER)).toMatchObject({ serviceHash: 'bbb2' });
    await clean();
  });

  test('a reload reaches the process, and the journal shows it', async () => {
    await bring({ start: LOOP });
    const unit = await until((one) => one?.status === 'running');
    if (unit === null) throw new Error('no unit');
    const read = (tail: number | 'all') =>
      collect(provider.logs([unit], { tail, follow: false, timestamps: false }, NEVER));
    await eventually(async () => expect(await read('all')).toContain('began'));
    await provider.reload(UNIT, NEVER);
    await eventually(async () => expect(await read('all')).toContain('reloaded'));
    expect(await read(1)).toHaveLength(1);
    const [stamped] = await collect(
      provider.logs([unit], { tail: 1, follow: false, timestamps: true, since: 0.5 }, NEVER),
    );
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z /);
    await clean();
  });

  test('following shows lines as they come, and ends when it is aborted', async () => {
    await bring({ start: LOOP });
    const unit = await until((one) => one?.status === 'running');
    if (unit === null) throw new Error('no unit');
    const over = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      const options = { tail: 0, follow: true, timestamps: false };
      for await (const { text } of provider.logs([unit], options, over.signal)) {
        seen.push(text);
        if (text === 'reloaded') over.abort();
      }
    })();
    following.catch(() => undefined);
    const nudge = setInterval(() => void provider.reload(UNIT, NEVER), 300);
    expect((await rejection(following)).code).toBe('interrupted');
    clearInterval(nudge);
    expect(seen).toContain('reloaded');
    await clean();
  });

  test('a program that fails at once is exited with its code, and may be started again', async () => {
    await bring({ start: 'echo no such option >&2; exit 3' });
    const unit = await until((one) => one?.status === 'exited');
    expect(unit).toMatchObject({ exitCode: 3 });
    if (unit === null) throw new Error('no unit');
    const lines = await collect(provider.logs([unit], { tail: 20, follow: false, timestamps: false }, NEVER));
    expect(lines).toContain('no such option');
    for (let attempt = 0; attempt < 8; attempt += 1) await provider.start(UNIT, NEVER);
    expect(await until((one) => one?.status === 'exited')).toMatchObject({ exitCode: 3 });
    await clean();
  });

  test('a program that is not there is exited with the code of systemd', async () => {
    await write(UNIT, { start: LOOP, more: ['ExecStart=', 'ExecStart=/opt/none/prometheus'] });
    await provider.create(context, { kind: 'container', service }, NEVER);
    await provider.start(UNIT, NEVER);
    expect(await until((one) => one?.status === 'exited')).toMatchObject({ exitCode: 203 });
    await clean();
  });

  test('a program that keeps crashing is restarting, each time with another start', async () => {
    await bring({ start: 'exit 1', more: ['Restart=on-failure', 'RestartSec=300ms'] });
    const starts = new Set<number>();
    await eventually(async () => {
      const unit = await provider.inspect(UNIT, NEVER);
      if (unit?.startedAtMs != null) starts.add(unit.startedAtMs);
      expect(starts.size).toBeGreaterThanOrEqual(3);
    });
    await until((unit) => unit?.status === 'restarting');
    await clean();
  });

  test('an asked-for start is not mistaken for the end of the one before', async () => {
    await bring({ start: 'exit 5' });
    await until((one) => one?.status === 'exited');
    await write(UNIT, { start: LOOP, more: ['ExecStartPre=/bin/sleep 1'] });
    await provider.start(UNIT, NEVER);
    for (let look = 0; look < 5; look += 1) {
      expect((await provider.inspect(UNIT, NEVER))?.status).not.toBe('exited');
    }
    await until((one) => one?.status === 'running');
    await clean();
  });

  test('removing kills a program that does not stop, without waiting for its grace', async () => {
    await bring({
      start: "trap '' TERM; while :; do sleep 0.1; done",
      more: ['TimeoutStopSec=60', 'Restart=always'],
    });
    await until((one) => one?.status === 'running');
    const startMs = Date.now();
    await provider.remove({ kind: 'container', id: UNIT }, NEVER);
    expect(Date.now() - startMs).toBeLessThan(20_000);
    expect(await provider.inspect(UNIT, NEVER)).toBeNull();
    await clean();
  });

  test('an orphan is seen, a unit of a stack with a longer name is not, and a unit without its file can be removed', async () => {
    const stranger = `pgmon-${STACK}-two-prometheus.service`;
    await write(ORPHAN, { start: LOOP });
    await write(stranger, { start: LOOP });
    await world.shell(`systemctl enable --now ${ORPHAN} ${stranger} 2>&1`);
    expect((await observe()).containers.map(({ name, status }) => [name, status])).toEqual([
      [ORPHAN, 'running'],
    ]);
    await world.shell(`rm ${unitPath(ORPHAN)}; systemctl daemon-reload`);
    expect((await observe()).containers.map(({ name }) => name)).toEqual([ORPHAN]);
    await provider.remove({ kind: 'container', id: ORPHAN }, NEVER);
    expect((await observe()).containers).toEqual([]);
    expect((await world.shell(`systemctl is-active ${stranger}`)).trim()).toBe('active');
    await world.shell(`systemctl disable --now ${stranger} 2>&1; rm ${unitPath(stranger)}`);
    expect(await world.shell("find /etc/systemd/system -name 'pgmon-*.wants' -not -name '*two*'")).toBe('');
    await clean();
  });

  test('what systemctl refuses comes as one sentence with a hint', async () => {
    const error = await rejection(provider.start(`pgmon-${STACK}-alertmanager.service`, NEVER));
    expect(error.code).toBe('systemd-refused');
    expect(error.message).toContain(`cannot start pgmon-${STACK}-alertmanager.service: `);
    expect(error.message).toMatch(/not found/);
    expect(error.message).not.toContain('\n');
    expect(error.hint).toContain('journalctl -u');
  });

  test('users are made from the stack’s file, and go only when no other stack names them', async () => {
    const line = 'u pgmon-prometheus - "pgmon Prometheus"\n';
    await world.writeFile(systemFile('sysusers.d', `pgmon-${STACK}.conf`), line);
    expect((await observe()).users).toEqual([]);
    await provider.create(context, { kind: 'user', key: 'pgmon-prometheus' }, NEVER);
    expect((await observe()).users).toEqual([{ name: 'pgmon-prometheus', isOurs: true }]);
    await world.writeFile(systemFile('sysusers.d', 'pgmon-other.conf'), line);
    await provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    expect((await observe()).users).toHaveLength(1);
    await world.shell('rm /etc/sysusers.d/pgmon-other.conf');
    await provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    await provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    expect((await observe()).users).toEqual([]);
    expect(await world.shell('grep -h ^pgmon- /etc/passwd /etc/group || true')).toBe('');
    await world.shell(`rm /etc/sysusers.d/pgmon-${STACK}.conf`);
  });

  test('a user that somebody else made is not ours and stays', async () => {
    await world.shell('useradd --system --comment "kept by hand" pgmon-prometheus');
    expect((await observe()).users).toEqual([{ name: 'pgmon-prometheus', isOurs: false }]);
    await provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    expect((await observe()).users).toHaveLength(1);
    await world.shell('userdel pgmon-prometheus');
  });

  test('data directories are made for their owner, and removed with their empty parents', async () => {
    const lines = `d /var/lib/pgmon/${STACK} 0755 root root -\nd /var/lib/pgmon/${STACK}/prometheus 0700 nobody nogroup -\n`;
    await world.writeFile(systemFile('tmpfiles.d', `pgmon-${STACK}.conf`), lines);
    const dir = `/var/lib/pgmon/${STACK}/prometheus`;
    expect(await provider.create(context, { kind: 'volume', key: 'prometheus-data' }, NEVER)).toBe(dir);
    expect((await world.shell(`stat -c '%a %U' ${dir}`)).trim()).toBe('700 nobody');
    expect((await observe()).volumes).toEqual([{ key: 'prometheus-data', name: dir }]);
    await provider.remove({ kind: 'volume', id: dir }, NEVER);
    await provider.remove({ kind: 'volume', id: dir }, NEVER);
    expect(await world.shell('ls -d /var/lib/pgmon 2>/dev/null || true')).toBe('');
    await world.shell(`rm /etc/tmpfiles.d/pgmon-${STACK}.conf`);
  });

  test('nothing is removed that is not exactly a data directory', async () => {
    await world.shell(
      `mkdir -p /var/lib/pgmon/${STACK} /srv/precious; ln -s /srv/precious /var/lib/pgmon/${STACK}/grafana`,
    );
    const refused = [
      '/var/lib/pgmon',
      `/var/lib/pgmon/${STACK}`,
      '/srv/precious',
      `/var/lib/pgmon/${STACK}/../../x`,
    ];
    for (const id of [...refused, `/var/lib/pgmon/${STACK}/grafana`]) {
      expect((await rejection(provider.remove({ kind: 'volume', id }, NEVER))).code).toBe('not-a-volume');
    }
    await world.shell(`test -d /srv/precious; rm -r /var/lib/pgmon /srv/precious`);
  });

  test('names the process that holds a port', async () => {
    const held = await provider.portHolder(5432, '127.0.0.1', NEVER);
    expect(held.holder).toMatch(/^process postgres \(pid \d+\)$/);
  });

  test('runs a program as another user, with input', async () => {
    const options = { input: 'text\n', user: 'postgres' };
    const ran = await provider.exec(UNIT, ['sh', '-c', 'cat; id -un; exit 4'], options, NEVER);
    expect(ran).toMatchObject({ exitCode: 4, stdout: 'text\npostgres\n' });
  });

  test('whoever is not root may look, and is told what to do when it comes to changes', async () => {
    const other = await createNativeProvider(createWorldHost(world, 'nobody'));
    await bring({ start: LOOP });
    await until((one) => one?.status === 'running');
    const seen = await other.observe(request, NEVER);
    expect(seen.containers).toMatchObject([{ name: UNIT, status: 'running', serviceHash: null }]);
    expect(seen.obstacles.map(({ code }) => code)).toContain('not-root');
    const error = await rejection(other.start(UNIT, NEVER));
    expect(error).toMatchObject({ code: 'not-root', hint: expect.stringContaining('pgmon render --script') });
    await clean();
  });
});
