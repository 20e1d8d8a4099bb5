// Installs packages of Debian on this machine, where this user may.
import process from 'node:process';
import { run, say } from './run.mjs';

/** A machine that was just started may install its updates meanwhile. */
export const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=300'];

let updated;

/** Null when they are there now; otherwise why not. */
export async function installWithApt(packages) {
  const hasApt =
    process.getuid?.() === 0 && (await run('apt-get', ['--version'], { quiet: true })).code === 0;
  if (!hasApt) return 'this user cannot install packages of Debian';
  say(`installing ${packages[0]} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Its exit code says little: one unreachable source of several fails it.
  updated ??= run('apt-get', ['-qq', 'update'], { env, quiet: true });
  await updated;
  const args = [...WAIT_FOR_LOCK, '-qq', 'install', '-y', '--no-install-recommends', ...packages];
  const { code, stderr } = await run('apt-get', args, { env, quiet: true });
  return code === 0 ? null : `apt-get: ${stderr.trim().split('\n').pop()}`;
}
