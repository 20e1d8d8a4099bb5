/** Units, users and data directories in every state that the native provider may find them in, on the oldest systemd it supports. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createNativeProvider } from '../../src/providers/native/native-provider.ts';
import {
  collect,
  eventually,
  LOOP,
  NEVER,
  ORPHAN,
  type ProviderWorld,
  rejection,
  request,
  STACK,
  startProviderWorld,
  UNIT,
  unitPath,
} from '../support/provider-world.ts';
import { systemdMissing } from '../support/systemd-image.ts';
import { createWorldHost } from '../support/world-host.ts';

const missing = await systemdMissing();

describe.skipIf(missing !== null)(`units in any state${missing ?? ''}`, () => {
  let world: ProviderWorld;

  beforeAll(async () => {
    world = await startProviderWorld('bookworm');
  });
  afterEach(() => world?.clean());
  afterAll(() => world?.remove());

  test('following shows lines as they come, and ends when it is aborted', async () => {
    await world.bring({ start: LOOP });
    const unit = await world.until('running');
    const all = { tail: 'all', follow: false, timestamps: false } as const;
    await eventually(async () =>
      expect(await collect(world.provider.logs([unit], all, NEVER))).toContain('began'),
    );
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(120_000)]);
    const seen: string[] = [];
    const follow = async () => {
      for await (const { text } of world.provider.logs([unit], { ...all, tail: 0, follow: true }, signal)) {
        seen.push(text);
        if (text === 'reloaded') over.abort();
      }
    };
    // The first may come before anybody listens.
    const nudge = setInterval(() => world.provider.reload(UNIT, NEVER).catch(() => over.abort()), 300);
    expect((await rejection(follow()).finally(() => clearInterval(nudge))).code).toBe('interrupted');
    expect(seen).toContain('reloaded');
  });

  test('a program that fails at once is exited with its code, and may be started again', async () => {
    await world.bring({ start: 'echo no such option >&2; exit 3' });
    const unit = await world.until('exited');
    expect(unit).toMatchObject({ exitCode: 3 });
    const options = { tail: 20, follow: false, timestamps: false } as const;
    await eventually(async () =>
      expect(await collect(world.provider.logs([unit], options, NEVER))).toContain('no such option'),
    );
    for (let attempt = 0; attempt < 8; attempt += 1) await world.provider.start(UNIT, NEVER);
    expect(await world.until('exited')).toMatchObject({ exitCode: 3 });
  });

  test('a program that keeps crashing is restarting, each time with another start', async () => {
    // Without the limit on starts, which would end this after five of them, before a slow machine has seen three.
    const endless = ['Restart=on-failure', 'RestartSec=300ms', '[Unit]', 'StartLimitIntervalSec=0'];
    await world.bring({ start: 'exit 1', more: endless });
    const starts = new Set<number>();
    await eventually(async () => {
      const unit = await world.provider.inspect(UNIT, NEVER);
      if (unit?.startedAtMs != null) starts.add(unit.startedAtMs);
      expect(starts.size).toBeGreaterThanOrEqual(3);
    });
    await world.until('restarting');
  });

  test('an asked-for start is not mistaken for the end of the one before', async () => {
    await world.bring({ start: 'exit 5' });
    await world.until('exited');
    await world.write(UNIT, { start: LOOP, more: ['ExecStartPre=/bin/sleep 1'] });
    await world.provider.start(UNIT, NEVER);
    for (let look = 0; look < 5; look += 1) {
      expect((await world.provider.inspect(UNIT, NEVER))?.status).not.toBe('exited');
    }
    await world.until('running');
  });

  test('removing kills a program that does not stop, without waiting for its grace', async () => {
    await world.bring({
      start: "trap '' TERM; while :; do sleep 0.1; done",
      more: ['TimeoutStopSec=60', 'Restart=always'],
    });
    await world.until('running');
    const startMs = Date.now();
    await world.provider.remove({ kind: 'container', id: UNIT }, NEVER);
    expect(Date.now() - startMs).toBeLessThan(40_000);
    expect(await world.provider.inspect(UNIT, NEVER)).toBeNull();
  });

  test('an orphan is seen, a unit of a stack with a longer name is not, and a unit without its file can be removed', async () => {
    const stranger = `pgmon-${STACK}-two-prometheus.service`;
    await world.write(ORPHAN, { start: LOOP });
    await world.write(stranger, { start: LOOP });
    await world.shell(`systemctl enable --now ${ORPHAN} ${stranger} 2>&1`);
    expect((await world.observe()).containers.map(({ name, status }) => [name, status])).toEqual([
      [ORPHAN, 'running'],
    ]);
    await world.shell(`rm ${unitPath(ORPHAN)}; systemctl daemon-reload`);
    expect((await world.observe()).containers.map(({ name }) => name)).toEqual([ORPHAN]);
    await world.provider.remove({ kind: 'container', id: ORPHAN }, NEVER);
    expect((await world.observe()).containers).toEqual([]);
    expect((await world.shell(`systemctl is-active ${stranger}`)).trim()).toBe('active');
    await world.shell(`systemctl disable --now ${stranger} 2>&1; rm ${unitPath(stranger)}`);
    expect(await world.shell("find /etc/systemd/system -name 'pgmon-*.wants' -not -name '*two*'")).toBe('');
  });

  test('what systemctl refuses comes as one sentence with a hint', async () => {
    const error = await rejection(world.provider.start(`pgmon-${STACK}-alertmanager.service`, NEVER));
    expect(error.code).toBe('systemd-refused');
    expect(error.message).toContain(`cannot enable pgmon-${STACK}-alertmanager.service: `);
    expect(error.message).toMatch(/does not exist/);
    expect(error.message).not.toContain('\n');
    expect(error.hint).toContain('journalctl -u');
  });

  test('a user that somebody else made is not ours and stays', async () => {
    await world.shell('useradd --system --comment "kept by hand" pgmon-prometheus');
    expect((await world.observe()).users).toEqual([{ name: 'pgmon-prometheus', isOurs: false }]);
    await world.provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    expect((await world.observe()).users).toHaveLength(1);
    await world.shell('userdel pgmon-prometheus');
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
      expect((await rejection(world.provider.remove({ kind: 'volume', id }, NEVER))).code).toBe(
        'not-a-volume',
      );
    }
    await world.shell(`test -d /srv/precious; rm -r /var/lib/pgmon /srv/precious`);
  });

  test('names the process that holds a port', async () => {
    const held = await world.provider.portHolder(5432, '127.0.0.1', NEVER);
    expect(held.holder).toMatch(/^process postgres \(pid \d+\)$/);
  });

  test('runs a program as another user, with input', async () => {
    const options = { input: 'text\n', user: 'postgres' };
    const ran = await world.provider.exec(UNIT, ['sh', '-c', 'cat; id -un; exit 4'], options, NEVER);
    expect(ran).toMatchObject({ exitCode: 4, stdout: 'text\npostgres\n' });
  });

  test('whoever is not root may look, and is told what to do when it comes to changes', async () => {
    const other = await createNativeProvider(createWorldHost(world, 'nobody'));
    await world.bring({ start: LOOP });
    await world.until('running');
    // Until its process has become the program, the definition tells the hash, which anybody may read.
    const seen = await eventually(async () => {
      const now = await other.observe(request, NEVER);
      expect(now.containers).toMatchObject([{ name: UNIT, status: 'running', serviceHash: null }]);
      return now;
    });
    expect(seen.obstacles.map(({ code }) => code)).toContain('not-root');
    const error = await rejection(other.start(UNIT, NEVER));
    expect(error).toMatchObject({ code: 'not-root', hint: expect.stringContaining('pgmon render --script') });
  });
});
