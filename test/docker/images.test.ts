/** The images that pgmon builds, and `pgmon images` on a real daemon. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  COMPONENT_KEYS,
  COMPONENT_NAMES,
  COMPONENTS,
  type ComponentName,
  versionFromReference,
} from '../../src/catalog/components.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { buildImages } from '../../src/images/build-images.ts';
import { loadImages } from '../../src/images/load-images.ts';
import { parseLock } from '../../src/images/lock-file.ts';
import { saveImages } from '../../src/images/save-images.ts';
import type { Connection } from '../../src/providers/docker/connection.ts';
import { orNull } from '../../src/providers/docker/connection.ts';
import type { ImageStore } from '../../src/providers/image-store.ts';
import { connectForTest } from '../support/docker-services.ts';
import { createTestDir } from '../support/fake-host.ts';
import { tinyImage } from '../support/image-bundle.ts';
import { ensureTestImages, imageFor, openTestStore } from '../support/images.ts';
import { runCli } from '../support/run-cli.ts';
import { createContainer, execInContainer, runInContainer, testName } from '../support/run-container.ts';

const signal = new AbortController().signal;
const onEvent = () => {};
const maybeConnection = await connectForTest();
if (maybeConnection === null && process.env.CI) throw new Error('no Docker daemon answers');
const hasDebianTools = await hasTools();

async function hasTools(): Promise<boolean> {
  const { exec } = createNodeHost({ signal });
  const codes = await Promise.all(['apt-get', 'dpkg-deb'].map((tool) => exec(tool, ['--version'])));
  return codes.every(({ exitCode }) => exitCode === 0);
}

async function image(component: ComponentName): Promise<string> {
  const reference = await imageFor(component);
  if (reference === null) throw new Error(`no image for ${component}`);
  return reference;
}

describe('on a real daemon', () => {
  const connection = maybeConnection as Connection;
  const { docker } = connection ?? {};
  let store: ImageStore;

  beforeAll(async () => {
    if (maybeConnection === null) return;
    await ensureTestImages();
    store = await openTestStore();
  });

  beforeEach(({ skip }) => skip(maybeConnection === null, 'no Docker daemon answers'));

  describe('the images of the components', () => {
    const PROGRAMS: readonly (readonly [ComponentName, readonly string[]])[] = [
      ['prometheus', ['/bin/prometheus', '--version']],
      ['prometheus', ['/bin/promtool', '--version']],
      ['alertmanager', ['/bin/alertmanager', '--version']],
      ['alertmanager', ['/bin/amtool', '--version']],
      ['node-exporter', ['/bin/node_exporter', '--version']],
      ['postgres-exporter', ['/bin/postgres_exporter', '--version']],
      ['postgres', ['postgres', '--version']],
      ['postgres', ['psql', '--version']],
      ['postgres', ['pgbench', '--version']],
      ['postgres', ['pg_isready', '--version']],
    ];

    it.each(PROGRAMS)('%s: %s tells the version of the tag', async (component, command) => {
      const reference = await image(component);
      const [entrypoint = '', ...args] = command;
      const { code, output } = await runInContainer(docker, reference, {
        entrypoint: [entrypoint],
        command: args,
      });
      expect(code).toBe(0);
      expect(output).toContain(versionFromReference(reference));
    });

    it.each(['prometheus', 'alertmanager', 'node-exporter', 'postgres-exporter'] as const)(
      '%s runs as nobody, with sh and wget',
      async (component) => {
        const command = ['-c', 'id -u && wget --help 2>&1 | head -1'];
        const run = await runInContainer(docker, await image(component), { entrypoint: ['sh'], command });
        expect(run.code).toBe(0);
        expect(run.output).toMatch(/^65534\n.*[Ww]get|^65534\nBusyBox/);
      },
    );

    it('prometheus accepts its own default configuration', async () => {
      const command = ['check', 'config', '/etc/prometheus/prometheus.yml'];
      const run = await runInContainer(docker, await image('prometheus'), {
        entrypoint: ['/bin/promtool'],
        command,
      });
      expect(run.code, run.output).toBe(0);
    });

    it('alertmanager accepts its own default configuration', async () => {
      const command = ['check-config', '/etc/alertmanager/alertmanager.yml'];
      const run = await runInContainer(docker, await image('alertmanager'), {
        entrypoint: ['/bin/amtool'],
        command,
      });
      expect(run.code, run.output).toBe(0);
    });

    it('postgres refuses to start without a password, in words', async () => {
      const run = await runInContainer(docker, await image('postgres'), {
        command: ['postgres'],
        user: 'postgres',
      });
      expect(run.code).toBe(1);
      expect(run.output).toContain('POSTGRES_PASSWORD');
    });
  });

  describe('a postgres container', () => {
    async function waitForQuery(container: Awaited<ReturnType<typeof createContainer>>, sql: string) {
      const command = [
        'psql',
        '-X',
        '-A',
        '-t',
        '-P',
        'pager=off',
        '-h',
        '127.0.0.1',
        '-U',
        'owner',
        '-d',
        'shop',
        '-c',
        sql,
      ];
      for (let attempt = 0; attempt < 450; attempt += 1) {
        const { State } = await container.inspect();
        if (!State.Running) break;
        const answer = await execInContainer(container, ['env', 'PGPASSWORD=p4ss word', ...command]);
        if (answer.code === 0) return answer.output.trim();
        await sleep(200);
      }
      throw new Error(`no answer: ${(await container.logs({ stdout: true, stderr: true })).toString()}`);
    }

    async function initFiles(): Promise<string> {
      const dir = await mkdtemp(path.join(os.tmpdir(), 'pgmon-test-init-'));
      onTestFinished(() => rm(dir, { recursive: true, force: true }));
      await writeFile(
        path.join(dir, '10-table.sql'),
        'CREATE TABLE from_sql (x int); INSERT INTO from_sql VALUES (7);\n',
      );
      const script =
        '#!/bin/bash\npsql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO from_sql VALUES (35)"\n';
      await writeFile(path.join(dir, '20-more.sh'), script);
      await writeFile(path.join(dir, 'password'), 'p4ss word\n');
      // Docker's postgres is another user than the one that runs the tests.
      await chmod(dir, 0o755);
      for (const name of await readdir(dir)) await chmod(path.join(dir, name), 0o644);
      return dir;
    }

    it.each([
      ['as uid 999', '999'],
      ['as the user postgres', 'postgres'],
    ])('%s, without capabilities and with a read-only root, initialises and serves', async (_as, user) => {
      const dir = await initFiles();
      const volume = testName('volume');
      onTestFinished(async () => void (await orNull(docker.getVolume(volume).remove({ force: true }))));
      const container = await createContainer(docker, await image('postgres'), {
        command: ['postgres', '-c', 'max_connections=23'],
        user,
        env: [
          'POSTGRES_USER=owner',
          'POSTGRES_DB=shop',
          'POSTGRES_PASSWORD_FILE=/init/password',
          'POSTGRES_INITDB_ARGS=--no-sync --data-checksums',
        ],
        binds: [`${dir}:/init:ro`, `${dir}:/docker-entrypoint-initdb.d:ro`, `${volume}:/var/lib/postgresql`],
      });
      await container.start();
      expect(await waitForQuery(container, 'SELECT sum(x) FROM from_sql')).toBe('42');
      expect(await waitForQuery(container, 'SHOW data_checksums')).toBe('on');
      expect(await waitForQuery(container, 'SHOW max_connections')).toBe('23');
      expect(await waitForQuery(container, 'SHOW data_directory')).toMatch(
        /^\/var\/lib\/postgresql\/\d+\/docker$/,
      );
      await container.restart();
      expect(await waitForQuery(container, 'SELECT sum(x) FROM from_sql')).toBe('42');
    });

    it('stops in order on its own stop signal', async () => {
      const { Config } = await docker.getImage(await image('postgres')).inspect();
      expect((Config as { StopSignal?: string }).StopSignal).toBe('SIGINT');
      expect(Config.Volumes).toEqual({ '/var/lib/postgresql': {} });
    });
  });

  describe('building', () => {
    beforeEach(({ skip }) => skip(!hasDebianTools, 'apt-get and dpkg-deb are not on this machine'));

    it('gives the same image id from the same packages, and skips what is up to date', async () => {
      const host = createNodeHost({ signal });
      const build = (isForced: boolean) =>
        buildImages({ host, store, onEvent, signal }, { components: ['node-exporter'], isForced });
      const [first] = await build(true);
      const [second] = await build(true);
      const [third] = await build(false);
      expect(first?.image.ids).toEqual(second?.image.ids);
      expect([first?.isNew, second?.isNew, third?.isNew]).toEqual([true, true, false]);
      expect(first?.image.reference).toMatch(/^localhost\/pgmon\/node-exporter:\d+\.\d+\.\d+-debian$/);
    });

    it('refuses a PostgreSQL that the release does not have', async () => {
      const host = createNodeHost({ signal });
      const options = {
        components: ['postgres'],
        isForced: false,
        requiredVersions: { postgres: '17' },
      } as const;
      await expect(buildImages({ host, store, onEvent, signal }, options)).rejects.toThrow(
        /cannot build postgres 17/,
      );
    });
  });

  describe('an archive of images', () => {
    async function loadedTinyImage() {
      const reference = `localhost/${testName('tiny')}:1.0`;
      onTestFinished(async () => void (await orNull(docker.getImage(reference).remove({ force: true }))));
      const architecture = (await store.platform(signal)).split('/')[1] ?? '';
      await store.load(Readable.from([await tinyImage(reference, architecture)]), signal);
      const stored = await store.find(reference, signal);
      const archive = path.join(await createTestDir(), 'images.tar.gz');
      const toSave = {
        component: 'prometheus',
        reference,
        version: '1.0',
        origin: 'build',
        digest: null,
      } as const;
      await saveImages({ store, onEvent, signal, version: '0' }, [toSave], archive);
      await docker.getImage(reference).remove({ force: true });
      expect(await store.find(reference, signal)).toBeNull();
      return { reference, archive, id: stored?.id };
    }

    it('brings an image back with the same id', async () => {
      const { reference, archive, id } = await loadedTinyImage();
      const [loaded] = await loadImages({ store, onEvent, signal }, archive);
      expect(loaded?.storedId).toBe(id);
      expect((await store.find(reference, signal))?.id).toBe(id);
    });

    it('is refused when it was changed, and nothing is loaded', async () => {
      const { reference, archive } = await loadedTinyImage();
      const bytes = await readFile(archive);
      await writeFile(archive, bytes.subarray(0, bytes.length - 40));
      await expect(loadImages({ store, onEvent, signal }, archive)).rejects.toThrow(/nothing was loaded/);
      expect(await store.find(reference, signal)).toBeNull();
    });

    it('is recorded in the lock file beside the spec, and then used', async () => {
      const { reference, archive, id } = await loadedTinyImage();
      const { cwd, env } = await specDir();
      const load = await runCli(['images', 'load', archive], { cwd, env });
      expect(load.code, load.stderr).toBe(0);
      const lockPath = path.join(cwd, 'pgmon.lock.yaml');
      const lock = parseLock(await readFile(lockPath, 'utf8'), lockPath);
      expect(lock.images.prometheus).toMatchObject({ reference, origin: 'build', version: '1.0' });
      const list = await runCli(['images', 'list', '--json'], { cwd, env });
      expect(JSON.parse(list.stdout).images).toContainEqual(
        expect.objectContaining({
          component: 'prometheus',
          reference,
          id,
          state: 'present',
          origin: 'build',
        }),
      );
    });
  });

  async function specDir(extra = '') {
    const cwd = await createTestDir();
    const spec = `apiVersion: pgmon/v1\nname: images-test\nservers:\n  - name: demo\n    bundled: {database: app}\n${extra}`;
    await writeFile(path.join(cwd, 'pgmon.yaml'), spec);
    const { address } = connection.endpoint;
    const env: Record<string, string> =
      address.kind === 'socket' ? { DOCKER_HOST: `unix://${address.path}` } : {};
    return { cwd, env };
  }

  it('images list shows each component of the spec once, as JSON', async () => {
    const { cwd, env } = await specDir('images:\n  grafana: localhost/pgmon-test-none:12.4.2\n');
    const { code, stdout } = await runCli(['images', 'list', '--json'], { cwd, env });
    expect(code).toBe(0);
    const { images } = JSON.parse(stdout);
    expect(images.map(({ component }: { component: string }) => component).sort()).toEqual([
      'alertmanager',
      'grafana',
      'node-exporter',
      'postgres',
      'postgres-exporter',
      'prometheus',
      'sql-exporter',
    ]);
    expect(images).toContainEqual(
      expect.objectContaining({
        component: 'grafana',
        state: 'absent',
        id: null,
        sizeBytes: null,
        origin: 'spec',
      }),
    );
  });

  it('images pull tries every image and names each that fails', async () => {
    const references = COMPONENT_NAMES.map(
      (name) => `127.0.0.1:1/pgmon-test/${name}:${COMPONENTS[name].version}`,
    );
    const own = COMPONENT_NAMES.map((name, i) => `  ${COMPONENT_KEYS[name]}: ${references[i]}\n`).join('');
    const { cwd, env } = await specDir(`images:\n${own}`);
    const { code, stderr } = await runCli(['images', 'pull'], { cwd, env });
    expect(code, stderr).toBe(4);
    const count = COMPONENT_NAMES.length;
    expect(stderr).toContain(`${count} of ${count} images could not be pulled`);
    for (const reference of references) expect(stderr).toContain(`cannot pull ${reference}: `);
  });

  it('images save names what is absent and writes nothing', async () => {
    const { cwd, env } = await specDir('images:\n  grafana: localhost/pgmon-test-none:12.4.2\n');
    const { code, stderr } = await runCli(['images', 'save', 'out.tar'], { cwd, env });
    expect(code).toBe(4);
    expect(stderr).toContain('localhost/pgmon-test-none:12.4.2');
    await expect(readFile(path.join(cwd, 'out.tar'))).rejects.toThrow(/ENOENT/);
  });
});
