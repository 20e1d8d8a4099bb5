/** Who may change a stack when several want to. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lockStack } from '../../../src/apply/stack-lock.ts';
import { EnvironmentError } from '../../../src/errors.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const never = new AbortController().signal;

async function prepare(alive: readonly number[] = []) {
  const cwd = await createTestDir();
  const outDir = path.join(cwd, '.pgmon', 'demo');
  const hostOf = (pid: number) => ({
    ...createFakeHost({ cwd }),
    pid,
    hostName: 'here',
    isProcessAlive: (other: number) => alive.includes(other),
  });
  return { cwd, outDir, hostOf, file: path.join(outDir, '.pgmon.lock') };
}

it('refuses a second run and names the process of the first', async () => {
  const { outDir, hostOf, file } = await prepare([11]);
  await lockStack(hostOf(11), outDir, never);
  const second = lockStack(hostOf(12), outDir, never);
  await expect(second).rejects.toThrow(EnvironmentError);
  await expect(second).rejects.toMatchObject({
    message: expect.stringContaining('pid 11'),
    // Process ids are given out again: after a crash a stranger may have this one.
    hint: expect.stringContaining(`rm ${file}`),
  });
});

it('is free again after its release', async () => {
  const { outDir, hostOf } = await prepare([11, 12]);
  const first = await lockStack(hostOf(11), outDir, never);
  await first.release();
  await lockStack(hostOf(12), outDir, never);
});

it('takes over from a process that is dead', async () => {
  const { outDir, hostOf, file } = await prepare([12]);
  await lockStack(hostOf(11), outDir, never);
  await lockStack(hostOf(12), outDir, never);
  expect(readFileSync(file, 'utf8')).toBe('12 here\n');
  expect(readdirSync(outDir)).toEqual(['.pgmon.lock']);
});

it('never takes over from another machine, whose processes it cannot see', async () => {
  const { outDir, hostOf, file } = await prepare();
  mkdirSync(outDir, { recursive: true });
  writeFileSync(file, '11 elsewhere\n');
  await expect(lockStack(hostOf(12), outDir, never)).rejects.toThrow('pid 11 on elsewhere');
});

it('takes over a file without an owner, as a full disk leaves it', async () => {
  const { outDir, hostOf, file } = await prepare([12]);
  mkdirSync(outDir, { recursive: true });
  writeFileSync(file, '');
  await lockStack(hostOf(12), outDir, never);
  expect(readFileSync(file, 'utf8')).toBe('12 here\n');
});

it('lets exactly one of many take over from a dead process', async () => {
  const pids = Array.from({ length: 20 }, (_, index) => 100 + index);
  const { outDir, hostOf } = await prepare(pids);
  await lockStack(hostOf(11), outDir, never);
  const tries = await Promise.allSettled(pids.map((pid) => lockStack(hostOf(pid), outDir, never)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('removes directories that it made and that are still empty, and no other', async () => {
  const { cwd, outDir, hostOf } = await prepare();
  const lock = await lockStack(hostOf(11), outDir, never);
  await lock.release();
  expect(readdirSync(cwd)).toEqual([]);
  const used = await lockStack(hostOf(11), outDir, never);
  writeFileSync(path.join(outDir, 'kept'), '');
  await used.release();
  expect(existsSync(path.join(outDir, 'kept'))).toBe(true);
});

it('says which directory cannot be written', async () => {
  const { cwd, outDir, hostOf } = await prepare();
  writeFileSync(path.join(cwd, '.pgmon'), 'a file in the way');
  await expect(lockStack(hostOf(11), outDir, never)).rejects.toThrow(
    `cannot write in the output directory ${outDir}`,
  );
});
