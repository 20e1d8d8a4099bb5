// Makes sure that tests of pages have a browser: Debian's Chromium, installed with apt-get where this user may.
import { access } from 'node:fs/promises';
import process from 'node:process';
import { installWithApt } from './apt-install.mjs';
import { say } from './run.mjs';

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

/** Never fails: without a browser the tests of pages are skipped with a reason. */
export async function ensureChromium() {
  const reason =
    (await findChromium()) === null ? await installWithApt(['chromium', 'fonts-dejavu-core']) : null;
  const file = await findChromium();
  if (file !== null) say(`chromium: ${file}`);
  else say(`chromium: none (${reason ?? 'not found'}); the tests of pages will be skipped`);
}
