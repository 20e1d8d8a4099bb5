/** Programs of native stacks on a machine with systemd: Debian's packages by apt, and upstream's archives. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPONENTS } from '../../src/catalog/components.ts';
import { type NativeComponent, PROGRAM_ORIGINS } from '../../src/catalog/programs.ts';
import type { Program } from '../../src/stack/native.ts';
import { releaseArchives } from '../support/release-archives.ts';
import { systemdMissing } from '../support/systemd-image.ts';
import { ARCHIVES_DIR, NODE_PATH } from '../support/systemd-places.ts';
import { type SystemdWorld, startSystemdWorld } from '../support/systemd-world.ts';

const missing = await systemdMissing();
const DRIVER = '/usr/lib/pgmon-driver.mjs';
const WITH_SERVICE = ['prometheus', 'alertmanager', 'node-exporter', 'postgres-exporter'] as const;
const BANNER = "import{createRequire as r}from'node:module';const require=r(import.meta.url);";

interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code: string; readonly hint: string };
}

function byPackage(component: NativeComponent): Program {
  const { version, minimumVersion } = COMPONENTS[component];
  const { path: file, ...from } = PROGRAM_ORIGINS[component].package;
  return { component, version, minimumVersion, path: file, source: { kind: 'package', ...from } };
}

function byArchive(component: NativeComponent): Program {
  const { version, minimumVersion } = COMPONENTS[component];
  const { archive } = PROGRAM_ORIGINS[component];
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const directory = `/opt/pgmon/${component}-${version}`;
  const location = `${ARCHIVES_DIR}/${archive.fileName({ version, architecture })}`;
  const checksums = `${ARCHIVES_DIR}/sha256sums.txt`;
  const source = { kind: 'archive', location, checksums, sha256: null, directory } as const;
  return { component, version, minimumVersion, path: `${directory}/${archive.executable}`, source };
}

async function installDriver(world: SystemdWorld): Promise<void> {
  const outfile = path.resolve(import.meta.dirname, `../../.cache/native-programs-${process.pid}.mjs`);
  const entry = path.resolve(import.meta.dirname, '../support/native-programs-driver.ts');
  const common = { bundle: true, format: 'esm', platform: 'node', target: 'node20' } as const;
  await build({ ...common, entryPoints: [entry], outfile, banner: { js: BANNER }, logLevel: 'error' });
  try {
    await world.copyIn(outfile, DRIVER);
  } finally {
    await rm(outfile, { force: true });
  }
}

async function drive(world: SystemdWorld, verb: string, programs: readonly Program[] = []): Promise<Outcome> {
  const ran = await world.exec([NODE_PATH, DRIVER, verb, JSON.stringify(programs)]);
  expect(ran.stderr).toBe('');
  return JSON.parse(ran.stdout) as Outcome;
}

/** Files, users and what is enabled. apt's own caches and backups of the user files change and are not ours. */
function machine(world: SystemdWorld): Promise<string> {
  return world.shell(`
    find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/cache -o -path /var/log \\
      -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/systemd -o -path /var/lib/postgresql -o -name '*-' \\) \\
      -prune -o -print | sort
    sort /etc/passwd /etc/group
    systemctl list-unit-files --state=enabled --no-legend | sort
    find /run/systemd/system | sort`);
}

describe.skipIf(missing !== null)(`programs by package${missing ?? ''}`, () => {
  let world: SystemdWorld;
  beforeAll(async () => {
    world = await startSystemdWorld({ release: 'forky', slug: 'programs' });
    await installDriver(world);
    await world.shell('apt-get -qq update');
  });
  afterAll(() => world?.remove());

  test('come at once, without their services, and purging leaves nothing of them', async () => {
    const before = await machine(world);
    const programs = WITH_SERVICE.map(byPackage);
    const absent = await drive(world, 'observe', programs);
    expect(absent.value).toMatchObject({
      images: Object.fromEntries(WITH_SERVICE.map((name) => [name, null])),
      obstacles: [],
    });

    expect((await drive(world, 'install', programs)).error).toBeUndefined();
    const present = await drive(world, 'observe', programs);
    expect(present.value).toMatchObject({
      images: Object.fromEntries(WITH_SERVICE.map((name) => [name, { id: COMPONENTS[name].version }])),
      obstacles: [],
    });
    expect((present.value as { ms: number }).ms).toBeLessThan(1000);
    for (const unit of WITH_SERVICE.map((name) => byPackage(name).source).map((s) =>
      s.kind === 'package' ? s.name : '',
    )) {
      const state = await world.exec([
        'systemctl',
        'show',
        '-P',
        'UnitFileState',
        '-P',
        'ActiveState',
        `${unit}.service`,
      ]);
      expect(state.stdout.trim().split('\n').filter(Boolean).sort()).toEqual(['disabled', 'inactive']);
    }

    const purged = await drive(world, 'purge');
    expect(purged).toMatchObject({ value: { kept: [] } });
    expect(await machine(world)).toBe(before);
  });

  test('that were there before stay, with their service as it was', async () => {
    await world.shell(
      'DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends prometheus-node-exporter >/dev/null',
    );
    const unit = 'prometheus-node-exporter.service';
    await world.shell(`systemctl is-enabled ${unit} && systemctl is-active ${unit}`);
    expect(
      (await drive(world, 'install', [byPackage('node-exporter'), byPackage('postgres-exporter')])).error,
    ).toBeUndefined();
    expect(await drive(world, 'purge')).toMatchObject({
      value: { removed: ['prometheus-postgres-exporter'], kept: [] },
    });
    await world.shell(`systemctl is-enabled ${unit} && systemctl is-active ${unit}`);
    await world.shell('DEBIAN_FRONTEND=noninteractive apt-get -qq purge prometheus-node-exporter >/dev/null');
  });

  test('whose service somebody has enabled since are kept by purging', async () => {
    expect((await drive(world, 'install', [byPackage('node-exporter')])).error).toBeUndefined();
    await world.shell('systemctl enable --quiet prometheus-node-exporter.service');
    expect(await drive(world, 'purge')).toEqual({
      value: {
        removed: [],
        kept: [{ name: 'prometheus-node-exporter', reason: 'prometheus-node-exporter.service is in use' }],
      },
    });
    await world.shell('systemctl disable --quiet prometheus-node-exporter.service');
    expect(await drive(world, 'purge')).toMatchObject({ value: { removed: ['prometheus-node-exporter'] } });
  });

  test('that apt does not know, or that are not on this machine, are refused', async () => {
    const strange: Program = {
      ...byPackage('prometheus'),
      source: { kind: 'package', name: 'pgmon-no-such-package', repository: 'distribution' },
    };
    expect((await drive(world, 'install', [strange])).error).toMatchObject({
      message: 'apt knows no package pgmon-no-such-package',
    });
    await world.shell('! test -e /var/lib/pgmon/.programs');
  });
});

describe.skipIf(missing !== null)(`programs on Debian 12${missing ?? ''}`, () => {
  let world: SystemdWorld;
  beforeAll(async () => {
    const { archives } = await releaseArchives();
    world = await startSystemdWorld({
      release: 'bookworm',
      slug: 'programs',
      mounts: { [archives]: ARCHIVES_DIR },
    });
    await installDriver(world);
  });
  afterAll(() => world?.remove());

  test('by archive run, are recorded and purged without a trace', async () => {
    const before = await machine(world);
    const programs = (
      ['prometheus', 'alertmanager', 'node-exporter', 'postgres-exporter', 'sql-exporter'] as const
    ).map(byArchive);
    expect((await drive(world, 'install', programs)).error).toBeUndefined();
    const seen = await drive(world, 'observe', programs);
    expect(seen.value).toMatchObject({
      obstacles: [],
      images: { prometheus: { id: COMPONENTS.prometheus.version } },
    });
    expect((await drive(world, 'purge')).value).toMatchObject({
      removed: programs.map(({ source }) => (source.kind === 'archive' ? source.directory : '')).sort(),
      kept: [],
    });
    expect(await machine(world)).toBe(before);
  });

  test('by package are refused before anything is installed: they are too old', async () => {
    await world.shell('apt-get -qq update');
    const { value } = await drive(world, 'observe', [byPackage('prometheus')]);
    expect(value).toMatchObject({
      obstacles: [
        {
          code: 'program-too-old',
          message: expect.stringMatching(
            /^the package prometheus is prometheus 2\.42\.0, and .* needs 3\.0\.0/,
          ),
          hint: expect.stringContaining('from: archives'),
        },
      ],
    });
    expect((await drive(world, 'install', [byPackage('prometheus')])).error?.message).toContain(
      'prometheus 2.42.0',
    );
    await world.shell('! test -e /usr/bin/prometheus && ! test -e /var/lib/pgmon/.programs');
  });

  test('by package without apt: names the distribution and the script', async () => {
    await world.shell('mv /usr/bin/apt-cache /usr/bin/apt-cache.away');
    const { value } = await drive(world, 'observe', [byPackage('prometheus')]);
    await world.shell('mv /usr/bin/apt-cache.away /usr/bin/apt-cache');
    expect(value).toMatchObject({
      obstacles: [
        {
          code: 'no-apt',
          message: expect.stringContaining('Debian GNU/Linux 12 (bookworm) has no apt'),
          hint: expect.stringContaining('pgmon render --script'),
        },
      ],
    });
  });
});
