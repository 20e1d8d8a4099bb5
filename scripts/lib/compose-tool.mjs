// Makes sure that tests have a Docker Compose to compare with: the installed one, or Debian's single program in .cache/tools.
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { importSource } from './import-source.mjs';
import { root, run, say } from './run.mjs';

const OLDEST = [2, 20];
const TOOL = path.join(root, '.cache/tools/docker-compose');
const PROGRAM = './usr/libexec/docker/cli-plugins/docker-compose';

async function versionOf(file, args) {
  const { code, stdout } = await run(file, [...args, 'version', '--short'], { quiet: true });
  const version = stdout.trim().replace(/^v/, '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return code === 0 && isNewEnough ? version : null;
}

async function fetchTool() {
  const { openApt } = await importSource('src/images/apt.ts');
  const { createNodeHost } = await importSource('src/host/node-host.ts');
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch] ?? process.arch;
  const signal = new AbortController().signal;
  const apt = await openApt(createNodeHost({ signal }), {
    architecture,
    stateDir: path.join(root, '.cache/apt'),
    signal,
  });
  const packages = await apt.find(['docker-compose']);
  await apt.download(packages);
  const [deb] = packages;
  await mkdir(path.dirname(TOOL), { recursive: true });
  const unpacked = path.join(root, '.cache/tools/unpacked');
  await rm(unpacked, { recursive: true, force: true });
  const { code, stderr } = await run('dpkg-deb', ['-x', path.join(apt.archivesDir, deb.file), unpacked], {
    quiet: true,
  });
  if (code !== 0) throw new Error(stderr);
  await chmod(path.join(unpacked, PROGRAM), 0o755);
  await rename(path.join(unpacked, PROGRAM), TOOL);
  await rm(unpacked, { recursive: true, force: true });
}

/** Never fails: without Compose the tests that compare with it are skipped with a reason. */
export async function ensureCompose() {
  const installed = (await versionOf('docker', ['compose'])) ?? (await versionOf(TOOL, []));
  if (installed !== null) return say(`Docker Compose: ${installed}`);
  try {
    await fetchTool();
    say(`Docker Compose: ${await versionOf(TOOL, [])} (from Debian's package, in .cache/tools)`);
  } catch (error) {
    say(`Docker Compose: none (${error.message}); the tests that compare with it will be skipped`);
  }
}
