// `npm test`: all set-up and every test tier. Arguments go to vitest (`npm test -- --project unit`).
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { main, run, Stop, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

function reporters() {
  const results = process.env.PGMON_TEST_RESULTS;
  const json = ['--reporter=json', `--outputFile.json=${path.join(results ?? '', `${process.pid}.json`)}`];
  return ['--reporter=default', '--reporter=./scripts/lib/tally-reporter.mjs', ...(results ? json : [])];
}

await main(async () => {
  await setup();
  say('\n== running the tests');
  const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-tally-'));
  const tallyFile = path.join(dir, 'tally.json');
  const { code } = await run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...reporters(), ...process.argv.slice(2)],
    {
      env: { ...process.env, PGMON_TEST_TALLY: tallyFile },
    },
  );
  const text = await readFile(tallyFile, 'utf8').catch(() => null);
  await rm(dir, { recursive: true, force: true });
  if (text === null) throw new Stop(`vitest ended with exit code ${code} and no results`, code || 1);
  const { passed, failed, skipped } = JSON.parse(text);
  for (const { name, reason } of skipped) say(`skipped: ${name} (${reason})`);
  say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed > 0 ? 1 : code;
});
