/** Which temporary files a run clears away. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { removeStrayFiles } from '../../../src/apply/stray-files.ts';
import { readExistingFiles } from '../../../src/apply/write-files.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const UNIQUE = '0123456789ab';
/** Above what any kernel gives out. */
const DEAD_PID = 99_999_999;

async function prepare(files: readonly string[]) {
  const outDir = await createTestDir();
  const host = createFakeHost({ cwd: outDir });
  for (const file of files) await host.fs.writeAtomic(path.join(outDir, file), 'half');
  const stays = async (file: string) => (await host.fs.stat(path.join(outDir, file))) !== null;
  return { host, outDir, stays };
}

it.each([
  `.docker-compose.yml.${DEAD_PID}-${UNIQUE}.tmp`,
  `prometheus/rules/.pgmon.yml.${DEAD_PID}-${UNIQUE}.tmp`,
  `secrets/generated/.x.password.${DEAD_PID}-${UNIQUE}.tmp`,
])('removes %s, whose writer is dead', async (file) => {
  const { host, outDir, stays } = await prepare([file]);
  await removeStrayFiles(host, outDir);
  expect(await stays(file)).toBe(false);
});

it.each([
  `prometheus/.prometheus.yml.${process.pid}-${UNIQUE}.tmp`,
  'prometheus/prometheus.yml',
  'prometheus/notes.tmp',
  `mine/.x.${DEAD_PID}-${UNIQUE}.tmp`,
])('leaves %s', async (file) => {
  const { host, outDir, stays } = await prepare([file]);
  await removeStrayFiles(host, outDir);
  expect(await stays(file)).toBe(true);
});

it('takes a file that is just being written for nothing that could be compared or removed', async () => {
  const { host, outDir } = await prepare([`prometheus/.prometheus.yml.${process.pid}-${UNIQUE}.tmp`]);
  expect([...(await readExistingFiles(host, outDir, { name: 'demo', runtime: 'docker' })).keys()]).toEqual(
    [],
  );
});
