/** The live screen while an answer does not come: it says so, and takes it back with the answer. */
import { expect, it } from 'vitest';
import { runTopScreen } from '../../../src/commands/top-screen.ts';
import type { ServerView } from '../../../src/top/view.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';
import { VIEW } from '../top/views.ts';

const STATE = {
  stack: 'shop',
  servers: ['demo'],
  server: 'demo',
  selected: 'demo',
  view: VIEW,
  fleet: null,
  trouble: null,
  overdueSinceMs: null,
};
const PATIENT = { timeout: 20_000 };
const OVERDUE = /No answer from Prometheus yet, asked at [\d:]{8}; figures of [\d:]{8}/;

it('says that an answer is overdue, and no more once it is there', async () => {
  const over = new AbortController();
  const host = createFakeHost({ cwd: await createTestDir(), signal: over.signal });
  const terminal = {
    size: () => ({ columns: 100, rows: 24 }),
    onResize: () => () => {},
    onKey: () => () => {},
    onExit: () => () => {},
  };
  // Every wait is short, so the look is overdue soon.
  const clock = {
    now: () => Date.now(),
    sleep: (_: number, signal?: AbortSignal) => host.clock.sleep(20, signal),
  };
  let answer: (view: ServerView) => void = () => {};
  const answered = new Promise<ServerView>((resolve) => {
    answer = resolve;
  });
  const context = { host: { ...host, terminal, clock }, signal: over.signal };
  const screen = runTopScreen(context, {
    state: STATE,
    intervalMs: 1000,
    look: { server: () => answered, fleet: () => Promise.reject(new Error('not asked for')) },
  });
  expect(host.written.stdout()).not.toMatch(OVERDUE);
  await expect.poll(host.written.stdout, PATIENT).toMatch(OVERDUE);
  const length = host.written.stdout().length;
  answer({ ...VIEW, atSeconds: VIEW.atSeconds + 60 });
  await expect.poll(() => host.written.stdout().length, PATIENT).toBeGreaterThan(length);
  expect(host.written.stdout().slice(length)).not.toMatch(OVERDUE);
  over.abort();
  await screen;
});
