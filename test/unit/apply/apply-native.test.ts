/** What a run on systemd does besides: definitions are read again, and what it brought goes again when it fails. */
import { readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ApplyDeps } from '../../../src/apply/apply-deps.ts';
import { applyPlan } from '../../../src/apply/apply-plan.ts';
import { openDirectories } from '../../../src/apply/open-directories.ts';
import { compareFiles } from '../../../src/plan/file-changes.ts';
import { planChanges } from '../../../src/plan/plan-changes.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';
import { createFakeProvider } from '../../support/fake-provider.ts';
import { createNativeStack } from '../../support/stack-fixture.ts';
import {
  createDesired,
  createEmptyWorld,
  createObserved,
  renderForTest,
} from '../../support/world-fixture.ts';

const rendered = renderForTest(createNativeStack());

function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
}

/** A machine below a test's directory; `failing`: no service answers. */
async function prepare(failing: boolean) {
  const root = await createTestDir();
  const outDir = path.join(root, 'etc/pgmon/native');
  await mkdir(path.join(root, 'etc/systemd/system'), { recursive: true });
  const world = createEmptyWorld(rendered);
  const images = new Map([...world.images.keys()].map((image) => [image, null]));
  const fake = createFakeProvider({ ...world, images });
  const rereads: number[] = [];
  const provider: Provider = {
    ...fake,
    kind: 'native',
    // How many files there are when definitions are read.
    reread: async () => void rereads.push(filesBelow(root).length),
  };
  const plan = planChanges(
    createDesired(rendered),
    createObserved({ ...world, images }, { fileChanges: compareFiles(rendered.files, new Map()) }),
  );
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  const status = failing ? 503 : 200;
  const host = createFakeHost({ cwd: root, http: async () => ({ status, headers: {}, body: '' }) });
  const deps: ApplyDeps = {
    provider,
    host: { ...host, fs: openDirectories(host.fs) },
    reporter: { event: () => undefined, warn: () => undefined },
    context: { stackName: rendered.name, outDir },
    rendered,
    secrets: new Map(),
    completeSecrets: async () => new Map(),
    secretFiles: new Map(),
    readyTimeoutMs: 60,
  };
  const signal = new AbortController().signal;
  return {
    root,
    calls: fake.calls,
    rereads,
    run: () => applyPlan(deps, plan.plan, { signal, keepOnFailure: false }),
  };
}

it('makes systemd read the units after they were written and before the first is enabled', async () => {
  const { root, calls, rereads, run } = await prepare(false);
  await run();
  expect(rereads).toEqual([rendered.files.length]);
  expect(filesBelow(root)).toContain('etc/systemd/system/pgmon-native.target');
  expect(calls.filter((call) => call.startsWith('uninstall'))).toEqual([]);
});

it('takes files, users and programs back when nothing serves, and makes systemd forget the units', async () => {
  const { root, calls, rereads, run } = await prepare(true);
  await expect(run()).rejects.toThrow('rolled back');
  expect(filesBelow(root)).toEqual([]);
  expect(rereads).toEqual([rendered.files.length, 0]);
  for (const { name } of rendered.users) expect(calls).toContain(`remove ${rendered.name}_${name}`);
  const brought = calls.filter((call) => call.startsWith('install ')).map((call) => call.slice(8));
  expect(brought.length).toBeGreaterThan(0);
  for (const component of brought) expect(calls).toContain(`uninstall ${component}`);
  // Directories that are not pgmon's stay, also when they are empty.
  expect(statSync(path.join(root, 'etc/systemd/system')).isDirectory()).toBe(true);
});

it('makes directories that every service can enter, whatever the umask is', async () => {
  const before = process.umask(0o077);
  try {
    const { root, run } = await prepare(false);
    await run();
    for (const dir of [
      'etc/pgmon',
      'etc/pgmon/native',
      'etc/pgmon/native/prometheus/rules',
      'etc/sysusers.d',
    ])
      expect([dir, statSync(path.join(root, dir)).mode & 0o777]).toEqual([dir, 0o755]);
  } finally {
    process.umask(before);
  }
});
