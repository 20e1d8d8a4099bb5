/** A native stack of the distribution's packages, on the newest systemd that Debian has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NativeWorld, SERVICES, startNativeWorld, unitOf } from '../support/native-world.ts';
import { systemdMissing } from '../support/systemd-image.ts';

const skipped = await systemdMissing();

const PACKAGES = [
  'nodejs',
  'prometheus',
  'prometheus-alertmanager',
  'prometheus-node-exporter',
  'prometheus-postgres-exporter',
];
const NATIVE = 'native: {binaries: packages}';

let world: NativeWorld;
let untouched: readonly string[];

/** Also those of which only the settings are left. */
async function installed(): Promise<readonly string[]> {
  const script =
    "dpkg --list 'prometheus*' nodejs 2>/dev/null | awk '/^[a-z][a-z] / && $1 != \"un\" {print $2}'";
  const { stdout } = await world.exec(['bash', '-c', script]);
  return stdout.split('\n').filter(Boolean);
}

async function failedChecks(): Promise<readonly string[]> {
  const { stdout, stderr } = await world.run('check', '--wait', '90s', '--json');
  const { results } = JSON.parse(stdout) as { results?: { id: string; status: string; detail: string }[] };
  if (results === undefined) throw new Error(`check did not look: ${stdout}${stderr}`);
  return results.filter(({ status }) => status === 'fail').map(({ id, detail }) => `${id}: ${detail}`);
}

describe.skipIf(skipped !== null)(`a native stack of packages${skipped ?? ''}`, () => {
  beforeAll(async () => {
    world = await startNativeWorld('native-apt', 'forky');
    await world.shell('apt-get -qq update');
    untouched = await world.listing();
    await world.writeSpec([NATIVE]);
  });
  afterAll(() => world?.remove());

  test('up installs them, and check passes', async () => {
    await world.up();
    expect(await installed()).toEqual(expect.arrayContaining(PACKAGES));
    expect(await failedChecks()).toEqual([]);
  }, 300_000);

  test("the packages' own services neither run nor start at boot", async () => {
    const own = PACKAGES.slice(1).map((name) => `${name}.service`);
    const { stdout: active } = await world.exec(['systemctl', 'is-active', ...own]);
    const { stdout: enabled } = await world.exec(['systemctl', 'is-enabled', ...own]);
    expect(active).not.toMatch(/^active$/m);
    expect(enabled).not.toMatch(/^enabled/m);
  });

  test('a second up changes nothing', async () => {
    const before = await world.units();
    const { stdout } = await world.up('--json');
    expect(JSON.parse(stdout)).toMatchObject({ changed: false });
    expect(await world.units()).toEqual(before);
  });

  test('after a reboot everything serves again', async () => {
    await world.reboot();
    const active = async () =>
      Object.values(await world.units()).filter(({ activeState }) => activeState === 'active').length;
    await expect.poll(active, { timeout: 90_000, interval: 200 }).toBe(SERVICES.length);
    expect(await failedChecks()).toEqual([]);
  });

  test('every unit passes the newest systemd without a word', async () => {
    const units = SERVICES.map((name) => `/etc/systemd/system/${unitOf(name)}`);
    const { exitCode, stdout, stderr } = await world.exec([
      'systemd-analyze',
      'verify',
      '--man=no',
      ...units,
    ]);
    expect([exitCode, stdout + stderr]).toEqual([0, '']);
  });

  test('down --purge --volumes removes the packages too, and leaves nothing', async () => {
    const { exitCode, stderr } = await world.run('down', '--purge', '--volumes', '--yes');
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    expect(await installed()).toEqual([]);
    expect(await world.listing()).toEqual(untouched);
  }, 300_000);
});
