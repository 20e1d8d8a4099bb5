/** Packages of Debian as programs of native stacks: what was there before and what is too old. Whole stacks: native-packages, native-lifecycle. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPONENTS } from '../../src/catalog/components.ts';
import { type NativeComponent, PROGRAM_ORIGINS } from '../../src/catalog/programs.ts';
import type { Program } from '../../src/stack/native.ts';
import { systemdMissing } from '../support/systemd-image.ts';
import { NODE_PATH } from '../support/systemd-places.ts';
import { type SystemdWorld, startSystemdWorld } from '../support/systemd-world.ts';

const missing = await systemdMissing();
const DRIVER = '/usr/lib/pgmon-driver.mjs';
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

describe.skipIf(missing !== null)(`programs by package${missing ?? ''}`, () => {
  let world: SystemdWorld;
  beforeAll(async () => {
    world = await startSystemdWorld({ release: 'forky', slug: 'programs' });
    await installDriver(world);
    await world.shell('apt-get -qq update');
  });
  afterAll(() => world?.remove());

  test('that were there before, or whose service somebody has enabled since, stay as they are', async () => {
    const theirs = 'prometheus-node-exporter';
    const ours = 'prometheus-postgres-exporter';
    const inUse = (unit: string) =>
      world.shell(`systemctl is-enabled ${unit}.service && systemctl is-active ${unit}.service`);
    await world.shell(`DEBIAN_FRONTEND=noninteractive apt-get -qq install ${theirs} >/dev/null`);
    await inUse(theirs);
    const programs = [byPackage('node-exporter'), byPackage('postgres-exporter')];
    expect((await drive(world, 'install', programs)).error).toBeUndefined();
    expect((await drive(world, 'observe', programs)).value).toMatchObject({
      images: {
        'node-exporter': { id: COMPONENTS['node-exporter'].version },
        'postgres-exporter': { id: COMPONENTS['postgres-exporter'].version },
      },
      obstacles: [],
    });
    await inUse(theirs);

    await world.shell(`systemctl enable --quiet ${ours}.service`);
    expect(await drive(world, 'purge')).toEqual({
      value: { removed: [], kept: [{ name: ours, reason: `${ours}.service is in use` }] },
    });
    await world.shell(`systemctl disable --quiet ${ours}.service`);
    expect(await drive(world, 'purge')).toMatchObject({ value: { removed: [ours], kept: [] } });
    await inUse(theirs);
  });

  test('that apt does not know are refused', async () => {
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
    world = await startSystemdWorld({ release: 'bookworm', slug: 'programs' });
    await installDriver(world);
  });
  afterAll(() => world?.remove());

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
          message: expect.stringContaining('Debian GNU/Linux 12 has no apt'),
          hint: expect.stringContaining('pgmon render --script'),
        },
      ],
    });
  });
});
