/** When waiting ends, with a clock that jumps. */
import { expect, it } from 'vitest';
import { waitReady } from '../../../src/apply/wait-ready.ts';
import { type ApplyError, CancelledError } from '../../../src/errors.ts';
import type { HttpResponse } from '../../../src/host/host.ts';
import type { ObservedContainer } from '../../../src/providers/provider.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeProvider } from '../../support/fake-provider.ts';
import { createFullWorld, renderForTest } from '../../support/world-fixture.ts';

const rendered = renderForTest();
const world = createFullWorld(rendered);
const prometheus = rendered.services.find((one) => one.name === 'prometheus');
if (prometheus === undefined) throw new Error('no prometheus');
const awaited = { service: prometheus, containerId: 'id-prometheus', secrets: new Map<string, string>() };

function answer(status: number): HttpResponse {
  return { status, headers: {}, body: '' };
}

/** A clock on which sleeping takes no time. */
function createClock() {
  let nowMs = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => nowMs,
    sleep: async (ms: number) => {
      sleeps.push(ms);
      nowMs += ms;
    },
  };
}

function prepare(
  http: () => Promise<HttpResponse>,
  change: (look: number) => Partial<ObservedContainer> = () => ({}),
) {
  const clock = createClock();
  const provider = createFakeProvider(world, { logLines: ['one', 'two'] });
  let looks = 0;
  const inspect = async (id: string) => {
    const container = await provider.inspect(id, new AbortController().signal);
    looks += 1;
    return container === null ? null : { ...container, ...change(looks) };
  };
  const host = { ...createFakeHost({ cwd: '/', http }), clock };
  return { clock, deps: { provider: { ...provider, inspect }, host, readyTimeoutMs: 10_000 } };
}

const never = new AbortController().signal;

it('returns at once, without a pause, for a service that serves', async () => {
  const { deps, clock } = prepare(async () => answer(200));
  await waitReady(deps, awaited, never);
  expect(clock.sleeps).toEqual([]);
});

it('looks again after short pauses that grow to a tenth of a second', async () => {
  let tries = 0;
  const { deps, clock } = prepare(async () => answer(++tries < 12 ? 503 : 200));
  await waitReady(deps, awaited, never);
  expect(clock.sleeps[0]).toBe(20);
  expect(clock.sleeps).toEqual([...clock.sleeps].sort((a, b) => a - b));
  expect(Math.max(...clock.sleeps)).toBe(100);
});

it.each([
  [{ status: 'exited', exitCode: 1 }, 'exited with code 1'],
  [{ status: 'dead', exitCode: 139 }, 'dead'],
  [{ health: 'unhealthy' }, 'unhealthy'],
] as const)('gives up at once when its container is %j', async (change, reason) => {
  const { deps, clock } = prepare(
    async () => answer(503),
    () => change,
  );
  const error = await waitReady(deps, awaited, never).catch((thrown: unknown) => thrown);
  expect((error as ApplyError).message).toContain(reason);
  expect((error as ApplyError).logLines).toEqual(['one', 'two']);
  expect(clock.sleeps).toEqual([]);
});

it('bears one crash but not a series of them', async () => {
  const once = prepare(
    async () => answer(once.clock.now() > 500 ? 200 : 503),
    (look) => ({ startedAtMs: look > 1 ? 2 : 1 }),
  );
  await waitReady(once.deps, awaited, never);
  const crashing = prepare(
    async () => answer(503),
    (look) => ({ startedAtMs: look, status: 'restarting' }),
  );
  await expect(waitReady(crashing.deps, awaited, never)).rejects.toThrow('keeps crashing');
});

it('counts starts that fail before the program runs, which have no time of their own', async () => {
  const failing = prepare(
    async () => answer(503),
    (look) => ({ startedAtMs: null, restarts: look, status: 'restarting' }),
  );
  await expect(waitReady(failing.deps, awaited, never)).rejects.toThrow('keeps crashing');
});

it('gives up after the limit with the last answer', async () => {
  const { deps, clock } = prepare(async () => {
    throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  });
  await expect(waitReady(deps, awaited, never)).rejects.toThrow(/within 10 s .*ECONNREFUSED/);
  expect(clock.now()).toBeLessThan(10_200);
});

it('ends as interrupted when its signal is aborted', async () => {
  const controller = new AbortController();
  const { deps } = prepare(async () => {
    controller.abort(new CancelledError());
    return answer(503);
  });
  await expect(waitReady(deps, awaited, controller.signal)).rejects.toThrow(CancelledError);
});

it('shows the last log lines without secret values', async () => {
  const { deps } = prepare(
    async () => answer(503),
    () => ({ status: 'exited', exitCode: 1 }),
  );
  const secrets = new Map([['servers.app.password', 'hunter2']]);
  const logs: typeof deps.provider.logs = async function* () {
    yield { service: 'prometheus', stream: 'stderr', text: 'cannot parse postgresql://u:hunter2@db' };
  };
  const error = await waitReady(
    { ...deps, provider: { ...deps.provider, logs } },
    { ...awaited, secrets },
    never,
  ).catch((thrown: ApplyError) => thrown);
  expect(error).toMatchObject({ logLines: ['cannot parse postgresql://u:***@db'] });
});
