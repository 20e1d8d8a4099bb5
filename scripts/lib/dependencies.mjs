// Installs and builds what the checkout needs, when it is not there or out of date. Uses Node's own modules only.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root, step } from './run.mjs';

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(path.join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** npm keeps what it installed in node_modules/.package-lock.json. */
async function isInstalled() {
  const wanted = await readPackages('package-lock.json');
  const present = await readPackages('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional || present[name]?.version === version,
  );
}

export async function ensureDependencies() {
  if (!(await isInstalled())) {
    await step('installing the dependencies', 'npm', ['ci', '--no-audit', '--no-fund']);
  }
  await step('building pgmon', process.execPath, ['scripts/build.mjs']);
}
