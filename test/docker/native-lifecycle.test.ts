/** A native stack on a real systemd 252: brought up, checked, changed, killed, rebooted, taken down, purged. One machine, in this order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type NativeWorld,
  SERVICES,
  SPEC_FILE,
  STACK,
  startNativeWorld,
  unitOf,
} from '../support/native-world.ts';
import { systemdMissing } from '../support/systemd-image.ts';

const skipped = await systemdMissing();
const WAIT = { timeout: 90_000, interval: 200 } as const;

/** What systemd and the user database still know. */
const LEFTOVERS = `
  systemctl list-unit-files --no-legend 'pgmon*'
  systemctl list-units --all --no-legend 'pgmon*'
  getent passwd | grep pgmon
  getent group | grep pgmon`;

let world: NativeWorld;
let untouched: readonly string[];

async function failedChecks(): Promise<readonly string[]> {
  const { stdout, stderr } = await world.run('check', '--wait', '90s', '--json');
  const { results } = JSON.parse(stdout) as { results?: { id: string; status: string; detail: string }[] };
  if (results === undefined) throw new Error(`check did not look: ${stdout}${stderr}`);
  return results.filter(({ status }) => status === 'fail').map(({ id, detail }) => `${id}: ${detail}`);
}

/** Quicker than a whole check, which waits for the slowest rules. */
async function untilStatusIsWell(): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { exitCode, stdout } = await world.run('status');
    if (exitCode === 0) return;
    if (Date.now() > deadline) throw new Error(`status ends with ${exitCode} after two minutes:\n${stdout}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function pids(): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(Object.entries(await world.units()).map(([name, unit]) => [name, unit.mainPid]));
}

function changed(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  return Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
}

/** Data changes all the time. */
const listing = async () =>
  (await world.listing()).filter((line) => !line.startsWith(`/var/lib/pgmon/${STACK}/`));

const states = async () =>
  Object.entries(await world.units()).map(([name, { activeState }]) => `${name} ${activeState}`);
const ALL_ACTIVE = SERVICES.map((name) => `${name} active`);

describe.skipIf(skipped !== null)(`a native stack${skipped ?? ''}`, () => {
  beforeAll(async () => {
    world = await startNativeWorld('native');
    untouched = await world.listing();
  });
  afterAll(() => world?.remove());

  test('up makes every service serve, and check passes', async () => {
    const { stdout } = await world.up();
    expect(stdout).toContain('next: pgmon check');
    expect(await states()).toEqual(ALL_ACTIVE);
    expect(await failedChecks()).toEqual([]);
  });

  test('up without --yes asks nothing where nothing is to do', async () => {
    const { exitCode, stderr } = await world.run('up');
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('--yes')]);
  });

  test('services run as users of their own, the exporters as the role that peer authentication looks for', async () => {
    const lines = SERVICES.map((name) => `systemctl show --value --property=User ${unitOf(name)}`);
    const users = (await world.shell(lines.join('\n'))).trim().split(/\n+/);
    expect(Object.fromEntries(SERVICES.map((name, i) => [name, users[i]]))).toEqual({
      alertmanager: 'pgmon-alertmanager',
      'node-exporter': 'pgmon-node',
      'postgres-exporter': 'pgmon',
      'postgres-exporter-slow': 'pgmon',
      prometheus: 'pgmon-prometheus',
      'sql-exporter': 'pgmon',
    });
  });

  test('a second up changes nothing', async () => {
    const before = [await pids(), await listing()];
    const { stdout } = await world.up('--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, changed: false });
    expect([await pids(), await listing()]).toEqual(before);
    expect((await world.run('diff')).exitCode).toBe(0);
  });

  test('a changed definition restarts only that service', async () => {
    const before = await pids();
    await world.writeSpec(['alertmanager: {memory: 96MiB}']);
    expect((await world.run('diff')).exitCode).toBe(10);
    await world.up();
    expect(changed(before, await pids())).toEqual(['alertmanager']);
    const show = `systemctl show --value --property=MemoryMax ${unitOf('alertmanager')}`;
    expect((await world.shell(show)).trim()).toBe(String(96 * 1024 * 1024));
  });

  test('a changed configuration of Prometheus is reloaded', async () => {
    const before = await pids();
    await world.writeSpec(['alertmanager: {memory: 96MiB}', 'alerting: {disabled: [PostgreSQLDown]}']);
    await world.up();
    expect(changed(before, await pids())).toEqual([]);
    const rules = await world.shell('curl -fsS http://127.0.0.1:9090/api/v1/rules');
    expect(rules).not.toContain('"PostgreSQLDown"');
  });

  test.each(SERVICES)('%s comes back after kill -9', async (service) => {
    const before = await world.units();
    await world.shell(`systemctl kill --signal=KILL ${unitOf(service)}`);
    const isBack = async () => {
      const now = (await world.units())[service];
      return now?.activeState === 'active' && now.mainPid !== before[service]?.mainPid;
    };
    await expect.poll(isBack, WAIT).toBe(true);
  });

  test('every target is up again after the kills', async () => {
    await untilStatusIsWell();
  });

  test('a stopped and a disabled unit are brought back by up', async () => {
    const before = await pids();
    await world.shell(
      `systemctl stop ${unitOf('sql-exporter')}; systemctl disable --now ${unitOf('node-exporter')} 2>&1`,
    );
    await world.up();
    expect(changed(before, await pids()).sort()).toEqual(['node-exporter', 'sql-exporter']);
    expect(await world.shell(`systemctl is-enabled ${unitOf('node-exporter')}`)).toBe('enabled\n');
  });

  test('logs come from the journal', async () => {
    const { exitCode, stdout } = await world.run('logs', 'prometheus', '--tail', '50');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('level=')]);
  });

  test('status names every service', async () => {
    // What was just started is scraped in a moment.
    await expect.poll(async () => (await world.run('status')).exitCode, WAIT).toBe(0);
    const { stdout } = await world.run('status');
    for (const service of SERVICES) expect(stdout).toContain(service);
  });

  test('the target stops and starts the stack', async () => {
    await world.shell(`systemctl stop pgmon-${STACK}.target`);
    await expect.poll(states, WAIT).toEqual(SERVICES.map((name) => `${name} inactive`));
    await world.shell(`systemctl start pgmon-${STACK}.target`);
    await expect.poll(states, WAIT).toEqual(ALL_ACTIVE);
  });

  test('after a reboot everything serves again', async () => {
    await world.reboot();
    await expect.poll(states, WAIT).toEqual(ALL_ACTIVE);
    expect(await failedChecks()).toEqual([]);
    const { stdout } = await world.up('--json');
    expect(JSON.parse(stdout)).toMatchObject({ changed: false });
  });

  test('down stops and disables everything and keeps files and data', async () => {
    const data = `/var/lib/pgmon/${STACK}/prometheus`;
    expect((await world.run('down')).exitCode).toBe(0);
    const enabled = await world.exec([
      ...'systemctl list-unit-files --state=enabled --no-legend'.split(' '),
      'pgmon*',
    ]);
    const active = await world.exec([
      ...'systemctl list-units --state=active --no-legend'.split(' '),
      'pgmon*',
    ]);
    expect([enabled.stdout, active.stdout]).toEqual(['', '']);
    expect((await world.exec(['test', '-d', `${data}/wal`])).exitCode).toBe(0);
    const again = await world.run('down');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('nothing to remove')]);
  });

  test('up after down keeps the data', async () => {
    await world.up();
    await untilStatusIsWell();
    const sinceStart = 'count_over_time(up{job="prometheus"}[1h])';
    const answer = await world.shell(
      `curl -fsS --data-urlencode 'query=${sinceStart}' http://127.0.0.1:9090/api/v1/query`,
    );
    const { data } = JSON.parse(answer) as { data: { result: { value: [number, string] }[] } };
    expect(Number(data.result[0]?.value[1])).toBeGreaterThan(5);
  });

  test('down --purge --volumes leaves no file, user or unit', async () => {
    const { exitCode, stderr } = await world.run('down', '--purge', '--volumes', '--yes');
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    expect(await world.listing()).toEqual(untouched);
    const left = await world.exec(['bash', '-c', LEFTOVERS]);
    expect(left.stdout).toBe('');
    expect((await world.exec(['test', '-f', SPEC_FILE])).exitCode).toBe(0);
  });
});
