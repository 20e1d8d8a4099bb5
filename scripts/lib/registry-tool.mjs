// Makes sure that tests have a registry to pull from: Debian's single program in .cache/tools.
import { ensureDebianTool } from './debian-tool.mjs';
import { main, say } from './run.mjs';

const PACKAGED = { package: 'docker-registry', file: 'usr/bin/docker-registry' };

/** Never fails: without a registry the tests that pull from one are skipped with a reason. */
export async function ensureRegistry() {
  try {
    await ensureDebianTool(PACKAGED);
    say('registry: docker-registry (from Debian, in .cache/tools)');
  } catch (error) {
    say(`registry: none (${error.message}); the tests that pull from one will be skipped`);
  }
}

// Tests run this file when the program is not there yet; its only output is the path.
if (process.argv[1] === import.meta.filename) {
  await main(async () => void say(await ensureDebianTool(PACKAGED)));
}
