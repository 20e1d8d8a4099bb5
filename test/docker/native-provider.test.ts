/** The native provider on a machine with a real systemd: what could depend on systemd's release. Other cases: native-units.test.ts. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  collect,
  context,
  eventually,
  LOOP,
  NEVER,
  type ProviderWorld,
  STACK,
  service,
  startProviderWorld,
  TARGET,
  UNIT,
  unitPath,
} from '../support/provider-world.ts';
import { systemdMissing } from '../support/systemd-image.ts';

const missing = await systemdMissing();
const systemFile = (dir: string, name: string) => `/etc/${dir}/${name}`;

describe.each(['bookworm', 'forky'] as const)(`the native provider on %s${missing ?? ''}`, (release) => {
  const test = it.skipIf(missing !== null);
  let world: ProviderWorld;

  beforeAll(async () => {
    if (missing === null) world = await startProviderWorld(release);
  });
  afterEach(() => world?.clean());
  afterAll(() => world?.remove());

  test('says which systemd and which distribution this is', async () => {
    const expected =
      release === 'bookworm' ? /^systemd 252 on Debian GNU\/Linux 12$/ : /^systemd 2\d\d on Debian/;
    expect(await world.provider.describe(NEVER)).toMatch(expected);
  });

  test('a unit is created, started, stopped and removed, and nothing of it stays enabled', async () => {
    expect((await world.observe()).containers).toEqual([]);
    await world.write(UNIT, { start: LOOP });
    expect((await world.observe()).containers, 'a file alone is no container').toEqual([]);
    expect(await world.provider.create(context, { kind: 'container', service }, NEVER)).toBe(UNIT);
    expect((await world.observe()).containers).toMatchObject([
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
    await world.provider.start(UNIT, NEVER);
    const running = await world.until('running');
    expect(running.serviceHash).toBe('aaa1');
    expect(running.startedAtMs ?? 0).toBeGreaterThanOrEqual(beforeMs);
    expect((running.startedAtMs ?? 0) - beforeMs).toBeLessThan(60_000);

    // Before that it takes no signal.
    const options = { tail: 'all', follow: false, timestamps: false } as const;
    await eventually(async () =>
      expect(await collect(world.provider.logs([running], options, NEVER))).toContain('began'),
    );
    await world.provider.stop(UNIT, NEVER);
    await world.provider.stop(UNIT, NEVER);
    expect(await world.provider.inspect(UNIT, NEVER)).toMatchObject({ status: 'exited', exitCode: 0 });
    await world.provider.remove({ kind: 'container', id: UNIT }, NEVER);
    await world.provider.remove({ kind: 'container', id: UNIT }, NEVER);
    expect((await world.observe()).containers, 'its file is still there').toEqual([]);
    const left = await world.shell(`find /etc/systemd/system -name '*${STACK}*' | sort`);
    expect(left.trim().split('\n')).toEqual([UNIT, TARGET].map(unitPath).sort());
  });

  test('a running unit tells the hash that it was started with, not the one of its new file', async () => {
    await world.bring({ start: LOOP, hash: 'aaa1' });
    await world.until('running');
    // Ends with the start that is under way: until then its process may not have become the program.
    await world.shell(`systemctl start ${UNIT}`);
    await world.write(UNIT, { start: LOOP, hash: 'bbb2' });
    expect(await world.provider.inspect(UNIT, NEVER)).toMatchObject({ serviceHash: 'aaa1' });
    await world.provider.stop(UNIT, NEVER);
    await world.provider.start(UNIT, NEVER);
    await world.until('running');
    expect(await world.provider.inspect(UNIT, NEVER)).toMatchObject({ serviceHash: 'bbb2' });
  });

  test('a unit or a target that somebody disabled would not come back, until a start enables it again', async () => {
    await world.bring({ start: LOOP });
    await world.until('running');
    const startsAtBoot = async () => (await world.observe()).containers.map((unit) => unit.startsAtBoot);
    expect(await startsAtBoot()).toEqual([true]);
    for (const name of [UNIT, TARGET]) {
      await world.shell(`systemctl disable ${name}`);
      expect(await startsAtBoot(), name).toEqual([false]);
      await world.provider.start(UNIT, NEVER);
      expect(await startsAtBoot(), name).toEqual([true]);
    }
  });

  test('starts that fail before the program runs are counted, and a new start counts from the beginning', async () => {
    const failing = ['ExecStartPre=/bin/false', 'Restart=always', 'RestartSec=100ms'];
    await world.bring({ start: LOOP, more: failing });
    const count = async () => (await world.provider.inspect(UNIT, NEVER))?.restarts ?? 0;
    await eventually(async () => expect(await count()).toBeGreaterThanOrEqual(2));
    expect(await world.provider.inspect(UNIT, NEVER)).toMatchObject({ startedAtMs: null });
    await world.provider.stop(UNIT, NEVER);
    await world.write(UNIT, { start: LOOP });
    await world.provider.start(UNIT, NEVER);
    expect(await world.until('running')).toMatchObject({ restarts: 0 });
  });

  test('a reload reaches the process, and the journal shows it', async () => {
    await world.bring({ start: LOOP });
    const unit = await world.until('running');
    const read = (tail: number | 'all') =>
      collect(world.provider.logs([unit], { tail, follow: false, timestamps: false }, NEVER));
    await eventually(async () => expect(await read('all')).toContain('began'));
    await world.provider.reload(UNIT, NEVER);
    await eventually(async () => expect(await read('all')).toContain('reloaded'));
    expect(await read(1)).toHaveLength(1);
    const [stamped] = await collect(
      world.provider.logs([unit], { tail: 1, follow: false, timestamps: true, since: 0.5 }, NEVER),
    );
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z /);
  });

  test('a program that is not there is exited with the code of systemd', async () => {
    await world.write(UNIT, { start: LOOP, more: ['ExecStart=', 'ExecStart=/opt/none/prometheus'] });
    await world.provider.create(context, { kind: 'container', service }, NEVER);
    await world.provider.start(UNIT, NEVER);
    expect(await world.until('exited')).toMatchObject({ exitCode: 203 });
  });

  test('users are made from the stack’s file, and go only when no other stack names them', async () => {
    const line = 'u pgmon-prometheus - "pgmon Prometheus"\n';
    await world.writeFile(systemFile('sysusers.d', `pgmon-${STACK}.conf`), line);
    expect((await world.observe()).users).toEqual([]);
    await world.provider.create(context, { kind: 'user', key: 'pgmon-prometheus' }, NEVER);
    expect((await world.observe()).users).toEqual([{ name: 'pgmon-prometheus', isOurs: true }]);
    await world.writeFile(systemFile('sysusers.d', 'pgmon-other.conf'), line);
    await world.provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    expect((await world.observe()).users).toHaveLength(1);
    await world.shell('rm /etc/sysusers.d/pgmon-other.conf');
    await world.provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    await world.provider.remove({ kind: 'user', id: 'pgmon-prometheus' }, NEVER);
    expect((await world.observe()).users).toEqual([]);
    expect(await world.shell('grep -h ^pgmon- /etc/passwd /etc/group || true')).toBe('');
    await world.shell(`rm /etc/sysusers.d/pgmon-${STACK}.conf`);
  });

  test('data directories are made for their owner, and removed with their empty parents', async () => {
    const lines = `d /var/lib/pgmon/${STACK} 0755 root root -\nd /var/lib/pgmon/${STACK}/prometheus 0700 nobody nogroup -\n`;
    await world.writeFile(systemFile('tmpfiles.d', `pgmon-${STACK}.conf`), lines);
    const dir = `/var/lib/pgmon/${STACK}/prometheus`;
    expect(await world.provider.create(context, { kind: 'volume', key: 'prometheus-data' }, NEVER)).toBe(dir);
    expect((await world.shell(`stat -c '%a %U' ${dir}`)).trim()).toBe('700 nobody');
    expect((await world.observe()).volumes).toEqual([{ key: 'prometheus-data', name: dir }]);
    await world.provider.remove({ kind: 'volume', id: dir }, NEVER);
    await world.provider.remove({ kind: 'volume', id: dir }, NEVER);
    expect(await world.shell('ls -d /var/lib/pgmon 2>/dev/null || true')).toBe('');
    await world.shell(`rm /etc/tmpfiles.d/pgmon-${STACK}.conf`);
  });
});
