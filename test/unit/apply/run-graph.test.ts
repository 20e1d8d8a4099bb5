/** The order in which operations begin, and what happens to the others when one fails. */
import { expect, it } from 'vitest';
import { runGraph } from '../../../src/apply/run-graph.ts';

const never = new AbortController().signal;

function node(id: string, ...needs: readonly string[]) {
  return { id, needs };
}

/** A promise that the test settles by hand. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

it('begins everything that is free at once and the rest as soon as its needs are done', async () => {
  const begun: string[] = [];
  const slow = gate();
  const run = runGraph(
    [node('slow'), node('quick'), node('after quick', 'quick'), node('after both', 'slow', 'quick')],
    async ({ id }) => {
      begun.push(id);
      if (id === 'slow') await slow.passed;
    },
    never,
  );
  await new Promise(setImmediate);
  expect(begun).toEqual(['slow', 'quick', 'after quick']);
  slow.open();
  await run;
  expect(begun).toEqual(['slow', 'quick', 'after quick', 'after both']);
});

it('rejects with the first failure only after what was begun has ended, and begins nothing after it', async () => {
  const ended: string[] = [];
  const slow = gate();
  const run = runGraph(
    [node('slow'), node('broken'), node('after slow', 'slow'), node('after broken', 'broken')],
    async ({ id }) => {
      if (id === 'broken') throw new Error('first');
      if (id === 'slow') await slow.passed;
      ended.push(id);
    },
    never,
  );
  const outcome = run.catch((error: unknown) => error);
  await new Promise(setImmediate);
  slow.open();
  expect(await outcome).toEqual(new Error('first'));
  expect(ended).toEqual(['slow']);
});

it('aborts what still runs when something fails', async () => {
  const run = runGraph(
    [node('waiting'), node('broken')],
    async ({ id }, signal) => {
      if (id === 'broken') throw new Error('broken');
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    },
    never,
  );
  await expect(run).rejects.toThrow('broken');
});

it('rejects with the reason of the signal even when nothing failed', async () => {
  const controller = new AbortController();
  const run = runGraph(
    [node('last'), node('never', 'last')],
    async ({ id }) => {
      if (id === 'never') throw new Error('must not begin');
      controller.abort(new Error('interrupted'));
    },
    controller.signal,
  );
  await expect(run).rejects.toThrow('interrupted');
});

it('resolves when the signal comes too late to stop anything', async () => {
  const controller = new AbortController();
  const run = runGraph([node('last')], async () => controller.abort(), controller.signal);
  await expect(run).resolves.toBeUndefined();
});
