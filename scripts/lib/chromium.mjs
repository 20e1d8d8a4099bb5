// Makes sure that tests of pages have a browser: Debian's Chromium, installed with apt-get where this user may.
import { access } from 'node:fs/promises';
import process from 'node:process';
import { run, say } from './run.mjs';

/** Where distributions put it; PGMON_TEST_CHROMIUM names another one. */
export const CHROMIUM_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the browser, or null. */
export async function findChromium() {
  const named = process.env.PGMON_TEST_CHROMIUM;
  for (const file of named ? [named] : CHROMIUM_PLACES) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}

async function installChromium() {
  const hasApt =
    process.getuid?.() === 0 && (await run('apt-get', ['--version'], { quiet: true })).code === 0;
  if (!hasApt) return 'this user cannot install packages of Debian';
  say('installing chromium with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Its exit code says little: one unreachable source of several fails it.
  await run('apt-get', ['-qq', 'update'], { env, quiet: true });
  const packages = ['chromium', 'fonts-dejavu-core'];
  const args = ['-qq', 'install', '-y', '--no-install-recommends', ...packages];
  const { code, stderr } = await run('apt-get', args, { env, quiet: true });
  return code === 0 ? null : `apt-get: ${stderr.trim().split('\n').pop()}`;
}

/** Never fails: without a browser the tests of pages are skipped with a reason. */
export async function ensureChromium() {
  const reason = (await findChromium()) === null ? await installChromium() : null;
  const file = await findChromium();
  if (file !== null) say(`chromium: ${file}`);
  else say(`chromium: none (${reason ?? 'not found'}); the tests of pages will be skipped`);
}
