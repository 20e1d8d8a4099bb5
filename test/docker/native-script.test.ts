/** The script of `pgmon render --script` on a machine with systemd: it works alone, and a second run changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM_ORIGINS } from '../../src/catalog/programs.ts';
import { renderInstallScript } from '../../src/render/systemd/install-script.ts';
import type { Program } from '../../src/stack/native.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { ALERTMANAGER_TEMPLATES, releaseArchives } from '../support/release-archives.ts';
import { renderForTest } from '../support/rendering.ts';
import { createNativeStack } from '../support/stack-fixture.ts';
import { systemdMissing } from '../support/systemd-image.ts';
import { ARCHIVES_DIR } from '../support/systemd-places.ts';
import { type SystemdWorld, startSystemdWorld } from '../support/systemd-world.ts';

const missing = await systemdMissing();
const PASSWORD_FILE = '/srv/pgmon/secrets/orders-password';
const PASSWORD = 's3cr"et\\x';

function fromArchive(program: Program): Program {
  const { component, version } = program;
  if (component === 'postgres') throw new Error('not native');
  const { archive } = PROGRAM_ORIGINS[component];
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const directory = `/opt/pgmon/${component}-${version}`;
  const location = `${ARCHIVES_DIR}/${archive.fileName({ version, architecture })}`;
  const checksums = `${ARCHIVES_DIR}/sha256sums.txt`;
  const source = { kind: 'archive', location, checksums, sha256: null, directory } as const;
  return { ...program, path: `${directory}/${archive.executable}`, source };
}

function scriptOf(changes: Partial<Stack> = {}): string {
  const base = createNativeStack();
  const secrets = base.secrets.filter(({ id }) => !id.startsWith('grafana.'));
  const stack = createNativeStack({ grafana: null, secrets, ...changes });
  const rendered = renderForTest(stack);
  const services = rendered.services.map((service) => ({
    ...service,
    program: service.program === null ? null : fromArchive(service.program),
  }));
  return renderInstallScript({ ...rendered, services }, stack);
}

describe.skipIf(missing !== null)(`the install script${missing ?? ''}`, () => {
  let world: SystemdWorld;
  beforeAll(async () => {
    const { archives, alertmanagerTemplates } = await releaseArchives();
    world = await startSystemdWorld({
      release: 'bookworm',
      slug: 'script',
      mounts: { [archives]: ARCHIVES_DIR },
    });
    await world.copyIn(alertmanagerTemplates, ALERTMANAGER_TEMPLATES);
  });
  afterAll(() => world?.remove());

  const run = (script: string) => world.exec(['sh', '-s'], { input: script });

  test('changes nothing without root', async () => {
    const outcome = await world.exec(['sh', '-s'], { input: scriptOf(), user: 'nobody' });
    expect(outcome).toMatchObject({
      exitCode: 4,
      stderr: 'error: this script needs root\nhint: run it with sudo\n',
    });
    await world.shell('! test -e /etc/pgmon');
  });

  test('installs, runs, and changes nothing the second time', async () => {
    await world.writeFile(PASSWORD_FILE, `${PASSWORD}\n`, '600');
    const first = await run(scriptOf());
    expect(first.exitCode, first.stderr).toBe(0);
    expect(`${first.stdout}${first.stderr}`).not.toContain(PASSWORD);
    const units = await world.shell(
      "systemctl list-units --plain --no-legend --state=running 'pgmon-native-*.service' | wc -l",
    );
    expect(units.trim()).toBe('6');
    const file = '/etc/pgmon/native/secrets/postgres-exporter/postgres_exporter.yml';
    expect(await world.shell(`stat -c %a ${file}; cat ${file}`)).toMatch(
      /^600\n[\s\S]*password: "s3cr\\"et\\\\x"\n/,
    );
    await world.shell('test "$(stat -c %a /etc/pgmon/native/secrets)" = 700');

    // Running services write their data all the time.
    const installed = async () => (await world.listing()).filter((line) => /\/(etc|opt)\//.test(line));
    const before = await installed();
    const second = await run(scriptOf());
    expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^done: nothing changed\n/) });
    expect(before.length).toBeGreaterThan(100);
    expect(await installed()).toEqual(before);
  });

  test('reloads and restarts only what a change concerns', async () => {
    await world.writeFile(PASSWORD_FILE, 'another\n', '600');
    const { scrape } = createNativeStack();
    const changed = await run(scriptOf({ scrape: { ...scrape, evaluationIntervalSeconds: 30 } }));
    expect(changed.exitCode, changed.stderr).toBe(0);
    expect(changed.stdout).toContain('reloading pgmon-native-prometheus.service\n');
    expect(changed.stdout).toContain(
      'restarting pgmon-native-postgres-exporter.service pgmon-native-postgres-exporter-slow.service pgmon-native-sql-exporter.service\n',
    );
    expect(changed.stdout).not.toMatch(/restarting.*(alertmanager|node-exporter|prometheus)\.service/);
  });

  test('ends with an error when a service does not stay up', async () => {
    await world.shell(`systemctl stop pgmon-native-alertmanager.service
      systemd-run --quiet --unit=holder node -e 'require("net").createServer().listen(9093)'
      timeout 30 sh -c 'until ss -Hltn | grep -q ":9093 "; do sleep 0.1; done'`);
    expect(await run(scriptOf())).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining(
        'error: pgmon-native-alertmanager.service does not stay up\nhint: journalctl',
      ),
    });
    await world.shell('systemctl stop holder');
    expect(await run(scriptOf())).toMatchObject({ exitCode: 0 });
  });
});
