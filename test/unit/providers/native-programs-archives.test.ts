/** Installing release archives: real tar, real checksums, a real HTTP server on loopback; the program is a small script. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { createExec } from '../../../src/host/node-exec.ts';
import { createHttp } from '../../../src/host/node-http.ts';
import { installProgram, uninstallProgram } from '../../../src/providers/native/programs/install-program.ts';
import { observePrograms } from '../../../src/providers/native/programs/observe-programs.ts';
import { askVersion } from '../../../src/providers/native/programs/program-version.ts';
import { readRecords } from '../../../src/providers/native/programs/records.ts';
import { removePrograms } from '../../../src/providers/native/programs/remove-programs.ts';
import type { Program } from '../../../src/stack/native.ts';
import type { Service } from '../../../src/stack/rendered-stack.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const NAME = 'prometheus-3.5.3.linux-amd64.tar.gz';
const STATE = /^\/(var\/lib\/pgmon|etc\/systemd\/system)/;

interface Place {
  readonly dir: string;
  readonly host: Host;
  /** Directory of the archives. */
  readonly archives: string;
  readonly program: (source?: object) => Program;
}

/** The machine's own state directories are below the test's. */
function movedState(host: Host, dir: string): Host {
  const at = (file: string) => (STATE.test(file) ? `${dir}/root${file}` : file);
  const { fs } = host;
  return {
    ...host,
    fs: {
      ...fs,
      readText: (file) => fs.readText(at(file)),
      readTextIfExists: (file) => fs.readTextIfExists(at(file)),
      writeAtomic: (file, content, options) => fs.writeAtomic(at(file), content, options),
      list: (file) => fs.list(at(file)),
      stat: (file) => fs.stat(at(file)),
      remove: (file) => fs.remove(at(file)),
    },
  };
}

async function sumOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function writeSums(archives: string): Promise<void> {
  await writeFile(`${archives}/sha256sums.txt`, `${await sumOf(`${archives}/${NAME}`)}  ${NAME}\n`);
}

/** An archive with a program that answers with `version`. `change` sees the tree before it is packed. */
async function createPlace(
  options: {
    readonly version?: string;
    readonly change?: (tree: string) => Promise<void>;
    readonly tar?: readonly string[];
  } = {},
): Promise<Place> {
  const { version = '3.5.3', change = async () => undefined, tar = [] } = options;
  // Not below /tmp: other users must be able to enter every directory of the path.
  const dir = await createTestDir();
  await chmod(dir, 0o755);
  const archives = path.join(dir, 'archives');
  const tree = path.join(dir, 'prometheus-3.5.3.linux-amd64');
  await mkdir(tree);
  await mkdir(archives);
  const script = `#!/bin/sh\necho "prometheus, version ${version} (branch: HEAD)"\n`;
  await writeFile(`${tree}/prometheus`, script, { mode: 0o4777 });
  await change(tree);
  await run('tar', ['-czPf', `${archives}/${NAME}`, '-C', dir, path.basename(tree), ...tar]);
  await writeSums(archives);
  const exec = createExec();
  const host = movedState(createFakeHost({ cwd: dir, exec, http: createHttp() }), dir);
  const directory = `${dir}/opt/pgmon/prometheus-3.5.3`;
  const source = {
    kind: 'archive',
    location: `${archives}/${NAME}`,
    checksums: `${archives}/sha256sums.txt`,
    sha256: null,
    directory,
  } as const;
  return {
    dir,
    host,
    archives,
    program: (more = {}) => ({
      component: 'prometheus',
      version: '3.5.3',
      minimumVersion: '3.0.0',
      path: `${directory}/prometheus`,
      source: { ...source, ...more },
    }),
  };
}

async function expectNothing({ dir, host }: Place): Promise<void> {
  await expect(readdir(`${dir}/opt`)).resolves.toEqual([]);
  expect(await readRecords(host)).toEqual([]);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function service(program: Program): Service {
  return { image: `prometheus ${program.version}`, program } as unknown as Service;
}

describe('a release archive', () => {
  test('from a local directory is unpacked, recorded, observed and removed again', async () => {
    const place = await createPlace();
    const program = place.program();
    const before = await observePrograms(place.host, [service(program)], signal);
    expect(before).toEqual({ images: new Map([['prometheus 3.5.3', null]]), obstacles: [] });

    await installProgram(place.host, program, signal);
    const { mode } = await stat(program.path);
    expect((mode & 0o7777).toString(8)).toBe('755');
    await expect(readdir(`${place.dir}/opt/pgmon`)).resolves.toEqual(['prometheus-3.5.3']);
    const after = await observePrograms(place.host, [service(program)], signal);
    expect(after).toEqual({
      images: new Map([['prometheus 3.5.3', { id: '3.5.3', digests: [] }]]),
      obstacles: [],
    });

    await uninstallProgram(place.host, program, signal);
    await expectNothing(place);
  });

  test('from a mirror with a redirect and a password is fetched, and the password is never shown', async () => {
    const place = await createPlace();
    const address = await serve(async (request, response) => {
      const isAllowed =
        request.headers.authorization === `Basic ${Buffer.from('me:hunter2').toString('base64')}`;
      if (!isAllowed) return void response.writeHead(401).end();
      if (request.url?.startsWith('/moved') === true) {
        const to = `http://me:hunter2@${request.headers.host}${request.url.slice(6)}`;
        return void response.writeHead(302, { location: to }).end();
      }
      const name = path.basename(request.url ?? '');
      const body = await readFile(`${place.archives}/${name}`).catch(() => null);
      response.writeHead(body === null ? 404 : 200).end(body);
    });
    const base = `http://me:hunter2@${address}/moved`;
    const program = place.program({ location: `${base}/${NAME}`, checksums: `${base}/sha256sums.txt` });
    await installProgram(place.host, program, signal);
    await expect(readdir(path.dirname(program.path))).resolves.toEqual(['prometheus']);
    await uninstallProgram(place.host, program, signal);

    await rm(`${place.archives}/${NAME}`);
    const error = await installProgram(place.host, program, signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: `cannot fetch http://${address}/${NAME}: the answer is HTTP 404`,
      exitCode: 4,
    });
    expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain('hunter2');
    await expectNothing(place);
  });

  test('that is not the one of the checksum is refused with both sums before it is unpacked', async () => {
    const place = await createPlace();
    const sha256 = 'ab'.repeat(32);
    const actual = await sumOf(`${place.archives}/${NAME}`);
    await expect(installProgram(place.host, place.program({ sha256 }), signal)).rejects.toMatchObject({
      code: 'program-checksum',
      message: expect.stringMatching(new RegExp(`${actual}.*${sha256}`)),
    });
    await expectNothing(place);
  });

  test('that the checksums file does not name is refused', async () => {
    const place = await createPlace();
    await writeFile(`${place.archives}/sha256sums.txt`, `${'a'.repeat(64)}  other.tar.gz\n`);
    await expect(installProgram(place.host, place.program(), signal)).rejects.toThrow(
      `has no sha256 sum of ${NAME}`,
    );
    await expectNothing(place);
  });

  test('that breaks off leaves nothing', async () => {
    const place = await createPlace();
    const archive = `${place.archives}/${NAME}`;
    await truncate(archive, (await stat(archive)).size - 40);
    await writeSums(place.archives);
    await expect(installProgram(place.host, place.program(), signal)).rejects.toThrow(/cannot unpack/);
    await expectNothing(place);
  });

  test('whose server stops in the middle, or that is missing, leaves nothing', async () => {
    const place = await createPlace();
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half', () => response.destroy());
    });
    const location = `http://${address}/${NAME}`;
    await expect(installProgram(place.host, place.program({ location }), signal)).rejects.toThrow(
      `cannot fetch ${location}: ECONNRESET`,
    );
    const missing = place.program({ location: `${place.dir}/none.tar.gz`, sha256: 'a'.repeat(64) });
    await expect(installProgram(place.host, missing, signal)).rejects.toMatchObject({
      message: expect.stringMatching(/none\.tar\.gz: ENOENT/),
      hint: expect.stringMatching(/^put it there under that name/),
    });
    await expectNothing(place);
  });

  test('with an entry outside its directory is refused', async () => {
    const place = await createPlace({
      change: async (tree) => writeFile(`${tree}/../stray`, 'x'),
      tar: ['prometheus-3.5.3.linux-amd64/../stray'],
    });
    await expect(installProgram(place.host, place.program(), signal)).rejects.toThrow(
      /has an entry outside its directory: prometheus-3\.5\.3\.linux-amd64\/\.\.\/stray/,
    );
    await expectNothing(place);
  });

  test('with a link out of its directory is refused', async () => {
    const place = await createPlace({ change: (tree) => symlink('/etc/passwd', `${tree}/rules`) });
    await expect(installProgram(place.host, place.program(), signal)).rejects.toThrow(
      /has a link that leads out of it: .* -> \/etc\/passwd/,
    );
    await expectNothing(place);
  });

  test('of another version than it says is removed again', async () => {
    const place = await createPlace({ version: '2.53.0' });
    await expect(installProgram(place.host, place.program(), signal)).rejects.toThrow(
      /installed, but of no use: .* is prometheus 2\.53\.0/,
    );
    await expectNothing(place);
  });

  test('that is interrupted leaves nothing', async () => {
    const place = await createPlace();
    const controller = new AbortController();
    const address = await serve((_request, response) => {
      response.writeHead(200).write('half');
      setTimeout(() => controller.abort(), 20);
    });
    const program = place.program({ location: `http://${address}/${NAME}` });
    await expect(installProgram(place.host, program, controller.signal)).rejects.toMatchObject({
      code: 'interrupted',
    });
    await expectNothing(place);
  });

  test('replaces nothing that is there, and clears what a killed run left', async () => {
    const place = await createPlace();
    const program = place.program();
    const left = `${place.dir}/opt/pgmon/.prometheus-3.5.3.999999999-0123456789ab.tmp`;
    await mkdir(left, { recursive: true });
    const directory = path.dirname(program.path);
    await mkdir(directory);
    await writeFile(`${directory}/mine`, '');
    expect((await observePrograms(place.host, [service(program)], signal)).obstacles).toMatchObject([
      { code: 'program-incomplete', hint: expect.stringContaining(`rm -r ${directory}`) },
    ]);
    await expect(installProgram(place.host, program, signal)).rejects.toThrow(/cannot install/);
    await expect(readdir(`${place.dir}/opt/pgmon`)).resolves.toEqual(['prometheus-3.5.3']);
    await expect(readdir(directory)).resolves.toEqual(['mine']);
    expect(await readRecords(place.host)).toEqual([]);
  });
});

describe('purging', () => {
  test('that two stacks bring at once is there once, and stays recorded', async () => {
    const place = await createPlace();
    const program = place.program();
    const install = () => installProgram(place.host, program, signal);
    await expect(Promise.all([install(), install(), install()])).resolves.toHaveLength(3);
    await expect(readdir(`${place.dir}/opt/pgmon`)).resolves.toEqual(['prometheus-3.5.3']);
    await expect(readRecords(place.host)).resolves.toEqual([
      { kind: 'archive', directory: path.dirname(program.path) },
    ]);
  });

  test('that another stack runs by now stays when the run that brought it is taken back', async () => {
    const place = await createPlace();
    const program = place.program();
    const units = `${place.dir}/root/etc/systemd/system`;
    await mkdir(units, { recursive: true });
    await installProgram(place.host, program, signal);
    await writeFile(`${units}/pgmon-b-prometheus.service`, `[Service]\nExecStart="${program.path}"\n`);
    await uninstallProgram(place.host, program, signal);
    await expect(stat(program.path)).resolves.toBeDefined();
    await rm(`${units}/pgmon-b-prometheus.service`);
    await uninstallProgram(place.host, program, signal);
    await expectNothing(place);
  });

  test('removes a program only when no unit of another stack runs it', async () => {
    const place = await createPlace();
    const program = place.program();
    const units = `${place.dir}/root/etc/systemd/system`;
    await mkdir(units, { recursive: true });
    await installProgram(place.host, program, signal);
    const text = `[Service]\nExecStart="${program.path}" \\\n  "--x"\n`;
    await writeFile(`${units}/pgmon-a-prometheus.service`, text);
    await writeFile(`${units}/pgmon-a-b-prometheus.service`, text);
    const directory = path.dirname(program.path);
    await expect(removePrograms(place.host, 'a', signal)).resolves.toEqual({
      removed: [],
      kept: [{ name: directory, reason: 'pgmon-a-b-prometheus.service runs it' }],
    });
    await rm(`${units}/pgmon-a-b-prometheus.service`);
    await expect(removePrograms(place.host, 'a', signal)).resolves.toEqual({
      removed: [directory],
      kept: [],
    });
    await expectNothing(place);
  });
});

describe('an installed program', () => {
  const observeAt = async (place: Place, file: string) => {
    const program: Program = { ...place.program(), path: file, source: { kind: 'installed' } };
    return (await observePrograms(place.host, [service(program)], signal)).obstacles;
  };

  test('that is absent, closed to other users or something else is an obstacle', async () => {
    const place = await createPlace();
    const open = `${place.dir}/open`;
    const closed = `${place.dir}/closed`;
    await mkdir(open);
    await mkdir(closed, { mode: 0o700 });
    const script = '#!/bin/sh\necho "prometheus, version 3.5.3 (x)"\n';
    await writeFile(`${open}/prometheus`, script, { mode: 0o755 });
    await writeFile(`${closed}/prometheus`, script, { mode: 0o755 });
    await writeFile(`${open}/other`, '#!/bin/sh\necho hello\n', { mode: 0o755 });
    await symlink('nowhere', `${open}/dangling`);
    expect(await observeAt(place, `${open}/prometheus`)).toEqual([]);
    expect(await observeAt(place, `${open}/none`)).toMatchObject([{ code: 'program-missing' }]);
    expect(await observeAt(place, `${closed}/prometheus`)).toMatchObject([
      { code: 'program-hidden', message: expect.stringContaining(`the mode of ${closed}`) },
    ]);
    expect(await observeAt(place, `${open}/other`)).toMatchObject([
      { code: 'program-unusable', message: expect.stringContaining('answers "hello"') },
    ]);
    expect(await observeAt(place, `${open}/dangling`)).toMatchObject([{ code: 'program-unusable' }]);
  });

  test('is asked for its version without the rights of the superuser', async () => {
    const place = await createPlace();
    const file = `${place.dir}/prometheus`;
    await writeFile(file, '#!/bin/sh\necho "prometheus, version $(id -u).$(id -g).$(id -G)"\n', {
      mode: 0o755,
    });
    const program = { component: 'prometheus', path: file } as const;
    const { uid } = place.host;
    const own = (await run('sh', ['-c', 'echo "$(id -u).$(id -g)"'])).stdout.trim();
    await expect(askVersion(place.host, program, signal)).resolves.toMatchObject({
      version: expect.stringMatching(uid === 0 ? /^65534\.65534\.65534$/ : new RegExp(`^${own}\\.`)),
    });
  });
});
