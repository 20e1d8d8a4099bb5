// Makes sure that tests have images that boot a real systemd with a real PostgreSQL: Debian's releases, by mmdebstrap.
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureDebianTool } from './debian-tool.mjs';
import { importSource } from './import-source.mjs';
import { main, root, run, Stop, say } from './run.mjs';

export const SYSTEMD_REPOSITORY = 'localhost/pgmon-test/systemd';
const CACHE = path.join(root, '.cache/systemd');
const KEY_LABEL = 'io.pgmon.test-key';
/** What a small server has; curl and xz-utils because minbase lacks what every real installation brings along. */
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'procps',
  'iproute2',
  'curl',
  'ca-certificates',
  'xz-utils',
  'postgresql',
];
/** The oldest systemd that pgmon supports (252), and the newest one that Debian has. */
const RELEASES = ['bookworm', 'forky'];
/** Stays in the image, so that a test may install packages: a mirror may lag behind its own dates. */
const APT_OPTIONS = [
  'Acquire::Check-Valid-Until "false"',
  'Acquire::Languages "none"',
  'APT::Install-Recommends "false"',
];
const IMPORT_CHANGES = ['CMD ["/sbin/init"]', 'ENV container=docker'];

async function must(file, args) {
  const { code, stdout, stderr } = await run(file, args, { quiet: true });
  if (code !== 0) throw new Stop(`${path.basename(file)} failed (${code}): ${lastError(stderr)}`);
  return stdout.trim();
}

function lastError(text) {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /^E:/.test(line)) ?? lines.at(-1) ?? '';
}

async function keyOf(reference) {
  const format = `{{index .Config.Labels "${KEY_LABEL}"}}`;
  const { code, stdout } = await run('docker', ['image', 'inspect', '--format', format, reference], {
    quiet: true,
  });
  return code === 0 ? stdout.trim() : null;
}

/** What every build needs: the program, and where a release comes from. One after the other: both use the same files. */
async function prepare() {
  const mmdebstrap = await ensureDebianTool({ package: 'mmdebstrap', file: 'usr/bin/mmdebstrap' });
  const { debianSource } = await importSource('src/images/apt.ts');
  const { createNodeHost } = await importSource('src/host/node-host.ts');
  const host = createNodeHost({ signal: new AbortController().signal });
  await mkdir(CACHE, { recursive: true });
  return { mmdebstrap, sourceOf: (release) => debianSource(host, release) };
}

async function buildImage({ mmdebstrap, sourceOf }, { release, reference, key }) {
  const tree = path.join(CACHE, `${release}-${process.pid}.tar`);
  const source = await sourceOf(release);
  try {
    await must(mmdebstrap, [
      '--quiet',
      '--variant=minbase',
      '--dpkgopt=force-unsafe-io',
      ...APT_OPTIONS.map((option) => `--aptopt=${option}`),
      `--include=${PACKAGES.join(',')}`,
      release,
      tree,
      source.trim(),
    ]);
    const changes = [...IMPORT_CHANGES, `LABEL ${KEY_LABEL}=${key}`].flatMap((line) => ['--change', line]);
    await must('docker', ['import', ...changes, tree, reference]);
  } finally {
    await rm(tree, { force: true });
  }
}

function recipeOf(release) {
  const recipe = JSON.stringify([release, PACKAGES, APT_OPTIONS, IMPORT_CHANGES]);
  const key = createHash('sha256').update(recipe).digest('hex');
  return { release, key, reference: `${SYSTEMD_REPOSITORY}:${release}` };
}

/** Makes the images that are absent or out of date, side by side; throws where that cannot be done. */
export async function makeSystemdImages(releases = RELEASES) {
  const recipes = releases.map(recipeOf);
  const keys = await Promise.all(recipes.map(({ reference }) => keyOf(reference)));
  const absent = recipes.filter(({ key }, index) => keys[index] !== key);
  if (absent.length === 0) return;
  const tools = await prepare();
  await Promise.all(absent.map((recipe) => buildImage(tools, recipe)));
}

/** Never fails: without these images the tests of the native runtime are skipped with a reason. */
export async function ensureSystemdImages() {
  try {
    await makeSystemdImages();
    say(`systemd for tests: ${RELEASES.join(', ')} (${SYSTEMD_REPOSITORY})`);
  } catch (error) {
    say(
      `systemd for tests: could not be built (${error.message}); the tests of the native runtime will be skipped`,
    );
  }
}

// Tests run this file when the images are not there yet.
if (process.argv[1] === import.meta.filename) {
  await main(() => makeSystemdImages());
}
