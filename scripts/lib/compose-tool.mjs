// Makes sure that tests have a Docker Compose to compare with: the installed one, or Debian's single program in .cache/tools.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureDebianTool } from './debian-tool.mjs';
import { root, run, say } from './run.mjs';

const OLDEST = [2, 20];
const TOOL = path.join(root, '.cache/tools/docker-compose');
const PACKAGED = { package: 'docker-compose', file: 'usr/libexec/docker/cli-plugins/docker-compose' };

async function versionOf(file, args) {
  const { code, stdout } = await run(file, [...args, 'version', '--short'], { quiet: true });
  const version = stdout.trim().replace(/^v/, '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return code === 0 && isNewEnough ? version : null;
}

/** Never fails: without Compose the tests that compare with it are skipped with a reason. */
export async function ensureCompose() {
  const installed = (await versionOf('docker', ['compose'])) ?? (await versionOf(TOOL, []));
  if (installed !== null) return say(`Docker Compose: ${installed}`);
  try {
    await rm(TOOL, { force: true });
    await ensureDebianTool(PACKAGED);
    say(`Docker Compose: ${await versionOf(TOOL, [])} (from Debian's package, in .cache/tools)`);
  } catch (error) {
    say(`Docker Compose: none (${error.message}); the tests that compare with it will be skipped`);
  }
}
