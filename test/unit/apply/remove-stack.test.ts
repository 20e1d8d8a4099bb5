/** What is true when removing a stack ends, well or not. */
import { expect, it } from 'vitest';
import { removeStack } from '../../../src/apply/remove-stack.ts';
import { EnvironmentError } from '../../../src/errors.ts';
import { createClock } from '../../../src/host/clock.ts';
import { createFakeProvider } from '../../support/fake-provider.ts';
import { createFullWorld, renderForTest } from '../../support/world-fixture.ts';

const world = createFullWorld(renderForTest());
const never = new AbortController().signal;

function prepare(onCall: (call: string) => void | Promise<void>) {
  const provider = createFakeProvider(world, { onCall });
  const reporter = { event: () => undefined, warn: () => undefined };
  return { provider, deps: { provider, clock: createClock(), reporter } };
}

it('keeps the volumes unless they are asked for', async () => {
  const { provider, deps } = prepare(() => undefined);
  const remains = await removeStack(deps, world, { volumes: false }, never);
  expect(provider.containers()).toEqual([]);
  expect(provider.networks()).toEqual([]);
  expect(remains.kept).toEqual(world.volumes.map(({ name }) => name));
});

it('rejects only when everything that it had begun has ended', async () => {
  const { provider, deps } = prepare(async (call) => {
    if (call === 'remove id-prometheus') throw new EnvironmentError('the engine is busy');
    if (call === 'remove id-grafana') await new Promise((resolve) => setTimeout(resolve, 30));
  });
  await expect(removeStack(deps, world, { volumes: true }, never)).rejects.toThrow('the engine is busy');
  expect(provider.containers().map(({ id }) => id)).toEqual(['id-prometheus']);
  expect(provider.volumes()).toHaveLength(world.volumes.length);
});
