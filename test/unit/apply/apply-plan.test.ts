/** What a failing or interrupted run leaves behind. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ApplyDeps } from '../../../src/apply/apply-deps.ts';
import { applyPlan } from '../../../src/apply/apply-plan.ts';
import { ApplyError, CancelledError, EnvironmentError } from '../../../src/errors.ts';
import type { HttpRequest } from '../../../src/host/host.ts';
import type { ProgressEvent } from '../../../src/output/reporter.ts';
import type { BundledServer, Plan } from '../../../src/plan/operations.ts';
import { planChanges } from '../../../src/plan/plan-changes.ts';
import type { Observed } from '../../../src/plan/plan-input.ts';
import type { ObservedWorld } from '../../../src/providers/provider.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';
import { createFakeProvider, type FakeProviderOptions } from '../../support/fake-provider.ts';
import {
  createDesired,
  createEmptyWorld,
  createFullWorld,
  createObserved,
  renderForTest,
} from '../../support/world-fixture.ts';

const rendered = renderForTest();
const empty = createEmptyWorld(rendered);
const full = createFullWorld(rendered);
const PROMETHEUS = ':9090/';

function planFor(observed: Observed): Plan {
  const result = planChanges(createDesired(rendered), observed);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

interface Setup extends FakeProviderOptions {
  /** Ports whose services answer 503; all others answer 200. */
  readonly failing?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly keepOnFailure?: boolean;
  readonly completeSecrets?: (outDir: string) => Promise<ReadonlyMap<string, string>>;
}

async function prepare(world: ObservedWorld, plan: Plan, setup: Setup = {}) {
  const outDir = await createTestDir();
  const http = async ({ url }: HttpRequest) => ({
    status: setup.failing !== undefined && url.includes(setup.failing) ? 503 : 200,
    headers: {},
    body: '',
  });
  const provider = createFakeProvider(world, setup);
  const events: ProgressEvent[] = [];
  const warnings: string[] = [];
  const deps: ApplyDeps = {
    provider,
    host: createFakeHost({ cwd: outDir, http }),
    reporter: { event: (event) => void events.push(event), warn: (message) => void warnings.push(message) },
    context: { stackName: 'demo', outDir },
    rendered,
    secrets: new Map(),
    completeSecrets: async () => (await setup.completeSecrets?.(outDir)) ?? new Map(),
    secretFiles: new Map(),
    // What does serve must have come by then, also when this process stands still for a moment.
    readyTimeoutMs: setup.timeoutMs ?? 300,
  };
  const signal = setup.signal ?? new AbortController().signal;
  const apply = () => applyPlan(deps, plan, { signal, keepOnFailure: setup.keepOnFailure ?? false });
  return { apply, provider, outDir, events, warnings };
}

const replacing: ObservedWorld = {
  ...full,
  containers: full.containers.map((one) =>
    one.service === 'prometheus' ? { ...one, serviceHash: 'old' } : one,
  ),
};

it('makes an empty world the desired one', async () => {
  const { apply, provider } = await prepare(empty, planFor(createObserved(empty)));
  await apply();
  expect(
    provider
      .containers()
      .map(({ service, status }) => `${service} ${status}`)
      .sort(),
  ).toEqual(rendered.services.map(({ name }) => `${name} running`).sort());
  expect(provider.networks()).toEqual(['demo_default']);
});

it('removes what it made, new volumes included, when a service does not come to serve', async () => {
  const setup = { failing: PROMETHEUS, logLines: ['first line', 'opening storage failed'] };
  const { apply, provider } = await prepare(empty, planFor(createObserved(empty)), {
    ...setup,
    // The server never answers either, so that its volume holds nothing.
    exec: async () => ({ exitCode: 2, stdout: '', stderr: 'no response' }),
  });
  const error = await apply().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApplyError);
  expect((error as ApplyError).logLines).toEqual(setup.logLines);
  expect((error as ApplyError).message).toMatch(/rolled back/);
  expect(provider.containers()).toEqual([]);
  expect(provider.networks()).toEqual([]);
  expect(provider.volumes()).not.toContain('demo_postgres-data');
  expect(provider.volumes()).not.toContain('demo_prometheus-data');
});

it('says what the service answered last', async () => {
  const { apply } = await prepare(empty, planFor(createObserved(empty)), { failing: PROMETHEUS });
  await expect(apply()).rejects.toThrow('HTTP 503 on http://127.0.0.1:9090/-/ready');
});

it('keeps the volume of a service that has served', async () => {
  const { apply, provider } = await prepare(empty, planFor(createObserved(empty)), { failing: PROMETHEUS });
  await expect(apply()).rejects.toThrow();
  expect(provider.volumes()).toContain('demo_postgres-data');
});

it('leaves everything with --keep-on-failure and says so', async () => {
  const setup = { failing: PROMETHEUS, keepOnFailure: true };
  const { apply, provider } = await prepare(empty, planFor(createObserved(empty)), setup);
  await expect(apply()).rejects.toThrow('--keep-on-failure');
  expect(provider.containers()).toHaveLength(rendered.services.length);
});

it('brings the old container back under its name when its successor does not serve', async () => {
  const { apply, provider } = await prepare(replacing, planFor(createObserved(replacing)), {
    failing: PROMETHEUS,
  });
  await expect(apply()).rejects.toThrow(ApplyError);
  const containers = provider.containers().filter(({ service }) => service === 'prometheus');
  expect(containers).toEqual([
    expect.objectContaining({ id: 'id-prometheus', name: 'demo-prometheus-1', status: 'running' }),
  ]);
});

it('touches nothing but the service that changed', async () => {
  const { apply, provider } = await prepare(replacing, planFor(createObserved(replacing)));
  await apply();
  const touched = provider.calls.filter((call) => !call.includes('prometheus'));
  expect(touched).toEqual([]);
  expect(provider.containers().find(({ service }) => service === 'prometheus')?.id).toBe('new-prometheus');
});

it('restores files that it wrote and removes directories that it made', async () => {
  const fileChanges = [
    {
      path: 'docker-compose.yml',
      action: 'update',
      before: '# Generated by pgmon\nold\n',
      after: '# Generated by pgmon\nnew\n',
    },
    { path: 'prometheus/rules/new.yml', action: 'create', before: null, after: '# Generated by pgmon\n' },
  ] as const;
  const plan = planFor(createObserved(empty, { fileChanges }));
  const { apply, outDir } = await prepare(empty, plan, {
    onCall: (call) => {
      if (call === 'create demo_default') throw new EnvironmentError('the daemon is out of subnets');
    },
  });
  await expect(apply()).rejects.toThrow(EnvironmentError);
  expect(readdirSync(outDir)).toEqual(['docker-compose.yml']);
  expect(readFileSync(path.join(outDir, 'docker-compose.yml'), 'utf8')).toBe('# Generated by pgmon\nold\n');
});

it('leaves no secret that it made when it fails before there is any data', async () => {
  const [secretFile] = rendered.secretFiles;
  if (secretFile === undefined) throw new Error('the stack has no secret');
  const secretChanges = [{ path: secretFile.path, action: 'create' }] as const;
  const { apply, outDir } = await prepare(empty, planFor(createObserved(empty, { secretChanges })), {
    completeSecrets: async (dir) => {
      const generated = path.join(dir, 'secrets/generated');
      mkdirSync(generated, { recursive: true });
      writeFileSync(path.join(generated, 'one'), 'value');
      return new Map(secretFile.secrets.map((id) => [id, 'value']));
    },
    onCall: (call) => {
      if (call.startsWith('create demo_')) throw new EnvironmentError('the disk is full');
    },
  });
  await expect(apply()).rejects.toThrow(EnvironmentError);
  expect(readdirSync(outDir)).toEqual([]);
});

it.each(['create demo_default', 'create postgres', 'start new-postgres', 'start new-prometheus'])(
  'leaves nothing when it is interrupted in `%s`',
  async (step) => {
    const controller = new AbortController();
    const { apply, provider } = await prepare(empty, planFor(createObserved(empty)), {
      signal: controller.signal,
      exec: async () => ({ exitCode: 2, stdout: '', stderr: 'no response' }),
      onCall: (call) => {
        if (call === step) controller.abort(new CancelledError());
      },
    });
    await expect(apply()).rejects.toThrow(CancelledError);
    expect(provider.calls).toContain(step);
    expect(provider.containers()).toEqual([]);
    expect(provider.networks()).toEqual([]);
  },
);

it('does not call a step interrupted that ended because another one failed', async () => {
  const absent = { ...empty, images: new Map([...empty.images].map(([reference]) => [reference, null])) };
  let calls = 0;
  const { apply, events } = await prepare(absent, planFor(createObserved(absent)), {
    onCall: async () => {
      calls += 1;
      if (calls > 1) await new Promise((resolve) => setTimeout(resolve, 5));
      throw new EnvironmentError('no such host');
    },
  });
  await expect(apply()).rejects.toThrow('no such host');
  const details = events.flatMap(({ status, detail }) => (status === 'failed' ? [detail] : []));
  expect(details[0]).toBeUndefined();
  expect(new Set(details.slice(1))).toEqual(new Set(['given up, another step failed']));
});

it('says that rolling back failed when the runtime is gone', async () => {
  let isGone = false;
  const { apply, warnings } = await prepare(empty, planFor(createObserved(empty)), {
    onCall: (call) => {
      isGone ||= call.startsWith('start');
      if (isGone) throw new EnvironmentError('the daemon does not answer', { code: 'docker-unreachable' });
    },
  });
  await expect(apply()).rejects.toThrow(/daemon does not answer; not everything could be rolled back/);
  expect(warnings.join('\n')).toContain('could not roll back');
});

it('turns a failing pull into the service that needs the image and the ways to get it', async () => {
  const absent = { ...empty, images: new Map([...empty.images].map(([reference]) => [reference, null])) };
  const { apply, provider } = await prepare(absent, planFor(createObserved(absent)), {
    onCall: (call) => {
      if (call.startsWith('pull')) throw new EnvironmentError('no such host');
    },
  });
  const error = await apply().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'image-absent',
    hint: expect.stringMatching(/images build|without grafana/),
  });
  expect((error as Error).message).toContain('nothing was changed');
  expect(provider.calls.filter((call) => !call.startsWith('pull'))).toEqual([]);
});

it('keeps what serves when only an old container cannot be removed', async () => {
  const twoReplaced: ObservedWorld = {
    ...full,
    containers: full.containers.map((one) =>
      ['prometheus', 'alertmanager'].includes(one.service) ? { ...one, serviceHash: 'old' } : one,
    ),
  };
  const { apply, provider } = await prepare(twoReplaced, planFor(createObserved(twoReplaced)), {
    onCall: (call) => {
      if (call === 'remove id-prometheus') throw new EnvironmentError('the engine is busy');
    },
  });
  await expect(apply()).rejects.toThrow('everything serves, but something old is left');
  const running = provider.containers().filter(({ status }) => status === 'running');
  expect(running.map(({ id }) => id)).toEqual(expect.arrayContaining(['new-prometheus', 'new-alertmanager']));
});

it('is done when the interruption comes while old containers are removed', async () => {
  const controller = new AbortController();
  const { apply, provider } = await prepare(replacing, planFor(createObserved(replacing)), {
    signal: controller.signal,
    onCall: (call) => {
      if (call === 'remove id-prometheus') controller.abort();
    },
  });
  await expect(apply()).resolves.toBeUndefined();
  expect(provider.containers().find(({ service }) => service === 'prometheus')).toMatchObject({
    id: 'new-prometheus',
    status: 'running',
  });
});

it('gives roles their old passwords back before the secret files return', async () => {
  const bundled: BundledServer = {
    superuser: 'postgres',
    database: 'app',
    volume: 'postgres-data',
    roles: [{ name: 'pgmon', password: 'x', memberOf: [], isWriter: false, limits: null }],
  };
  const observed = createObserved({
    ...full,
    containers: full.containers.map((one) =>
      ['prometheus', 'postgres'].includes(one.service) ? { ...one, serviceHash: 'old' } : one,
    ),
  });
  const planned = planChanges(createDesired(rendered, { bundled }), observed);
  if (!planned.ok) throw new Error('no plan');
  const old = "ALTER ROLE pgmon PASSWORD 'SCRAM-SHA-256$old';";
  const inputs: string[] = [];
  const { apply, provider } = await prepare(observed.world, planned.plan, {
    failing: PROMETHEUS,
    timeoutMs: 2000,
    exec: async (_id, command, { input = '' }) => {
      if (command[0] === 'psql') inputs.push(input);
      return { exitCode: 0, stdout: input.includes('pg_authid') ? `${old}\n` : '', stderr: '' };
    },
  });
  await expect(apply()).rejects.toThrow('rolled back');
  expect(inputs).toHaveLength(3);
  expect(inputs[2]).toContain(old);
  expect(provider.calls.lastIndexOf('exec psql in new-postgres')).toBeLessThan(
    provider.calls.indexOf('remove new-postgres'),
  );
});
