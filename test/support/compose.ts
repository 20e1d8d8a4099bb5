/** Finds a Docker Compose that tests can compare pgmon with. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const OLDEST = [2, 20] as const;
/** Put there by `node scripts/setup.mjs`. */
const OWN = path.resolve(import.meta.dirname, '../../.cache/tools/docker-compose');
const execute = promisify(execFile);

async function isUsable(command: readonly string[]): Promise<boolean> {
  const [file = '', ...args] = command;
  try {
    const { stdout } = await execute(file, [...args, 'version', '--short']);
    const [major = 0, minor = 0] = stdout.trim().replace(/^v/, '').split('.').map(Number);
    return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  } catch {
    return false;
  }
}

/** Program and first arguments of Compose 2.20 or newer, e.g. `['docker', 'compose']`; null when there is none. */
export async function composeCommand(): Promise<readonly string[] | null> {
  const candidates = [['docker', 'compose'], ...(existsSync(OWN) ? [[OWN]] : [])];
  for (const command of candidates) {
    if (await isUsable(command)) return command;
  }
  return null;
}
