// The Docker Compose that the benchmark compares with, started as people start it: as a plugin of the docker program.
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { ensureCompose } from './compose-tool.mjs';
import { root, run } from './run.mjs';

const TOOL = path.join(root, '.cache/tools/docker-compose');
const CONFIG = path.join(root, '.cache/tools/docker-config');

async function versionOf([file, ...args]) {
  const { code, stdout } = await run(file, [...args, 'version', '--short'], { quiet: true });
  return code === 0 ? stdout.trim() : null;
}

/** Makes Debian's program in .cache/tools a plugin through a Docker configuration of its own. */
async function asPlugin() {
  const plugins = path.join(CONFIG, 'cli-plugins');
  await mkdir(plugins, { recursive: true });
  await rm(path.join(plugins, 'docker-compose'), { force: true });
  await symlink(TOOL, path.join(plugins, 'docker-compose'));
  return ['docker', '--config', CONFIG, 'compose'];
}

/** `{ command, version }`, or null where there is none and none can be had. */
export async function findCompose() {
  await ensureCompose();
  for (const command of [['docker', 'compose'], await asPlugin(), [TOOL]]) {
    const version = await versionOf(command);
    if (version !== null) return { command, version };
  }
  return null;
}
