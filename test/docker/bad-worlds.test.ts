/** up in a world that is not as it should be: what it says, and that nothing half-made stays behind. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CancelledError } from '../../src/errors.ts';
import { createCuttableSocket, daemonMissing } from '../support/daemon.ts';
import { connectForTest } from '../support/docker-services.ts';
import { buildCli, CLI } from '../support/kill-cli.ts';
import type { CliOutcome } from '../support/run-cli.ts';
import { createTestStack, fingerprint, fullSpec, smallSpec, type TestStack } from '../support/test-stack.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

/** Mounts go away with the test; false where mounting is not allowed. */
function mount(dir: string, options: string): boolean {
  mkdirSync(dir, { recursive: true });
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', dir]).status !== 0) return false;
  onTestFinished(() => void spawnSync('umount', ['-l', dir]));
  return true;
}

const canMount =
  isRoot &&
  (() => {
    const dir = '/tmp/pgmon-test-mount-probe';
    mkdirSync(dir, { recursive: true });
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'none', dir]).status === 0;
    if (isMounted) spawnSync('umount', [dir]);
    return isMounted;
  })();

async function smallStack(
  slug: string,
  change: (spec: string) => string = (spec) => spec,
): Promise<TestStack> {
  const stack = await createTestStack(slug);
  await stack.writeSpec(change(smallSpec(stack)));
  return stack;
}

/** Replaces the image of a component in the spec. */
async function setImage(stack: TestStack, key: string, reference: string, version = '3.5.3'): Promise<void> {
  const text = readFileSync(stack.specFile, 'utf8');
  const changed = text.replace(new RegExp(`^  ${key}: .*$`, 'm'), `  ${key}: ${reference}`);
  writeFileSync(stack.specFile, `${changed}versions: {${key}: "${version}"}\n`);
}

function imageOf(stack: TestStack, key: string): string {
  return new RegExp(`^  ${key}: (.*)$`, 'm').exec(readFileSync(stack.specFile, 'utf8'))?.[1] ?? '';
}

async function expectNothing(stack: TestStack): Promise<void> {
  const { containers, networks, volumes } = await stack.world();
  expect({ containers, networks, volumes }).toEqual({ containers: [], networks: [], volumes: [] });
  expect(existsSync(path.join(stack.dir, '.pgmon'))).toBe(false);
}

function expectFailure(outcome: CliOutcome, code: number, ...texts: readonly string[]): void {
  expect(outcome.code, outcome.stderr).toBe(code);
  for (const text of texts) expect(outcome.stderr).toContain(text);
  expect(outcome.stdout).toBe('');
}

describe.skipIf(daemonMissing !== null)(`up in a bad world${daemonMissing ?? ''}`, () => {
  beforeAll(buildCli);

  test('no daemon: says where it looked', async () => {
    const stack = await smallStack('nodaemon');
    const DOCKER_HOST = `unix://${stack.dir}/none.sock`;
    const outcome = await stack.pgmon(['up'], { env: { DOCKER_HOST } });
    expectFailure(outcome, 4, DOCKER_HOST, 'hint:');
    await expectNothing(stack);
  });

  test.skipIf(!isRoot)(
    'no permission on the socket: says so (skipped unless root: another user is needed)',
    async () => {
      const stack = await smallStack('denied');
      const socket = path.join(stack.dir, 'docker.sock');
      await createCuttableSocket(socket);
      execFileSync('chmod', ['600', socket]);
      for (const file of [stack.dir, stack.specFile]) chownSync(file, NOBODY, NOBODY);
      const { status, stderr } = spawnSync(process.execPath, [CLI, 'up', '-f', stack.specFile], {
        uid: NOBODY,
        gid: NOBODY,
        env: { ...process.env, DOCKER_HOST: `unix://${socket}`, HOME: stack.dir },
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([4, expect.stringContaining('may not use the Docker daemon')]);
      await expectNothing(stack);
    },
  );

  test('port taken by a process: names it', async () => {
    const stack = await smallStack('portproc');
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(stack.ports.prometheus, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const outcome = await stack.pgmon(['up']);
    expectFailure(outcome, 4, `prometheus needs port ${stack.ports.prometheus}`, `(pid ${process.pid})`);
    await expectNothing(stack);
  });

  test('port taken by a container: names it', async () => {
    const other = await smallStack('portother');
    expect((await other.pgmon(['up'])).code).toBe(0);
    const stack = await smallStack('portcont', (spec) =>
      spec.replace(/(prometheus: {port: )\d+/, `$1${other.ports.prometheus}`),
    );
    const before = await other.world();
    expectFailure(await stack.pgmon(['up']), 4, `container ${other.name}-prometheus-1`);
    await expectNothing(stack);
    expect(fingerprint(await other.world())).toEqual(fingerprint(before));
  });

  test('image absent: says which service needs it and how to get it', async () => {
    const stack = await smallStack('noimage');
    await setImage(stack, 'prometheus', 'localhost/pgmon-test/absent:3.5.3');
    const outcome = await stack.pgmon(['up']);
    expectFailure(
      outcome,
      4,
      'prometheus cannot run without image localhost/pgmon-test/absent:3.5.3',
      'pgmon images build',
    );
    await expectNothing(stack);
  });

  test('Grafana image absent: offers to leave Grafana out', async () => {
    const stack = await smallStack('nografana');
    const text = readFileSync(stack.specFile, 'utf8').replace(
      'grafana: {enabled: false}',
      'grafana: {enabled: true}',
    );
    writeFileSync(
      stack.specFile,
      text.replace(/^images:$/m, 'images:\n  grafana: localhost/pgmon-test/absent:12.4.2'),
    );
    expectFailure(await stack.pgmon(['up']), 4, '--without grafana');
    await expectNothing(stack);
    expect((await stack.pgmon(['up', '--without', 'grafana'])).code).toBe(0);
  });

  test('service that does not come up: shows its last log lines and rolls back', async () => {
    const stack = await smallStack('crash');
    // Another program in its place ends at once because it does not know the flags.
    await setImage(stack, 'prometheus', imageOf(stack, 'alertmanager'));
    const outcome = await stack.pgmon(['up', '--timeout', '20s']);
    expectFailure(outcome, 5, 'prometheus does not serve', '  | ', 'rolled back');
    await expectNothing(stack);
  });

  test('service that does not come up with --keep-on-failure: everything stays for a look', async () => {
    const stack = await smallStack('keep');
    await setImage(stack, 'prometheus', imageOf(stack, 'alertmanager'));
    expectFailure(await stack.pgmon(['up', '--keep-on-failure']), 5, '--keep-on-failure');
    expect((await stack.world()).containers).toHaveLength(3);
  });

  test('successor that does not come up: the old container serves again', async () => {
    const stack = await smallStack('successor');
    expect((await stack.pgmon(['up'])).code).toBe(0);
    const before = await stack.container('prometheus');
    await setImage(stack, 'prometheus', imageOf(stack, 'alertmanager'));
    expectFailure(await stack.pgmon(['up']), 5, 'prometheus does not serve', 'rolled back');
    const after = await stack.container('prometheus');
    expect([after.id, after.status]).toEqual([before.id, 'running']);
    expect((await stack.world()).containers).toHaveLength(3);
  });

  test.each([
    ['missing', 'ENOENT'],
    ['a directory', 'EISDIR'],
  ])('password file that is %s: names it', async (kind, code) => {
    const stack = await createTestStack('password');
    await stack.writeSpec(smallSpec(stack, '{file: password.txt}'));
    const file = path.join(stack.dir, 'password.txt');
    if (kind === 'a directory') mkdirSync(file);
    expectFailure(await stack.pgmon(['up']), 4, 'password', file, code);
    await expectNothing(stack);
  });

  test('password variable that is not set: names it', async () => {
    const stack = await createTestStack('variable');
    await stack.writeSpec(smallSpec(stack, '{env: PGMON_TEST_UNSET}'));
    expectFailure(await stack.pgmon(['up']), 4, 'PGMON_TEST_UNSET is not set');
    await expectNothing(stack);
  });

  test('CA file that cannot be read: names it', async () => {
    const stack = await smallStack('ca', (spec) =>
      spec.replace('{name: away,', '{name: away, tls: {mode: verify-full, ca: certs/ca.pem},'),
    );
    expectFailure(await stack.pgmon(['up']), 4, path.join(stack.dir, 'certs/ca.pem'), 'ENOENT');
    await expectNothing(stack);
  });

  test('output directory behind a file: says so', async () => {
    const stack = await smallStack('inway');
    writeFileSync(path.join(stack.dir, '.pgmon'), '');
    expectFailure(await stack.pgmon(['up']), 4, stack.outDir);
    expect((await stack.world()).containers).toEqual([]);
  });

  test.skipIf(!canMount)(
    'read-only output directory: says so (skipped where tests may not mount)',
    async () => {
      const stack = await smallStack('readonly');
      mount(stack.outDir, 'ro,size=1m');
      expectFailure(await stack.pgmon(['up']), 4, stack.outDir, 'EROFS');
      expect((await stack.world()).containers).toEqual([]);
    },
  );

  test.skipIf(!canMount)(
    'disk full: nothing stays, neither files nor resources (skipped where tests may not mount)',
    async () => {
      const stack = await smallStack('full');
      mount(stack.outDir, 'size=24k');
      expectFailure(await stack.pgmon(['up']), 4, 'ENOSPC');
      const { containers, networks, volumes } = await stack.world();
      expect([containers, networks, volumes]).toEqual([[], [], []]);
      expect(readdirSync(stack.outDir)).toEqual([]);
    },
  );

  test('file that pgmon did not write: is not touched', async () => {
    const stack = await smallStack('foreignfile');
    const file = path.join(stack.outDir, 'prometheus/prometheus.yml');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'mine: true\n');
    expectFailure(await stack.pgmon(['up']), 4, file);
    expect(readFileSync(file, 'utf8')).toBe('mine: true\n');
    expect((await stack.world()).containers).toEqual([]);
  });

  test('two at once: the second names the first, which is not disturbed', async () => {
    const stack = await smallStack('two');
    const first = stack.pgmon(['up']);
    const lock = path.join(stack.outDir, '.pgmon.lock');
    await expect.poll(() => existsSync(lock), { timeout: 30_000, interval: 5 }).toBe(true);
    expectFailure(await stack.pgmon(['up']), 4, `another pgmon (pid ${process.pid})`);
    expectFailure(await stack.pgmon(['down']), 4, `another pgmon (pid ${process.pid})`);
    expect((await first).code).toBe(0);
  });

  test('stack name used by something else: is refused and left alone', async () => {
    const stack = await smallStack('foreign');
    const connection = await connectForTest();
    if (connection === null) throw new Error('no daemon');
    const { docker } = connection;
    const container = await docker.createContainer({
      name: `${stack.name}-prometheus-1`,
      Image: imageOf(stack, 'prometheus'),
    });
    const network = await docker.createNetwork({ Name: `${stack.name}_default` });
    onTestFinished(async () => {
      await container.remove({ force: true });
      await network.remove();
    });
    const outcome = await stack.pgmon(['up']);
    expectFailure(outcome, 4, `container ${stack.name}-prometheus-1`, `network ${stack.name}_default`);
    expect((await stack.pgmon(['down'])).code).toBe(0);
    expect((await container.inspect()).State.Status).toBe('created');
    expect((await network.inspect()).Name).toBe(`${stack.name}_default`);
  });

  test('paused container: is replaced', async () => {
    const stack = await smallStack('paused');
    expect((await stack.pgmon(['up'])).code).toBe(0);
    const { id } = await stack.container('prometheus');
    await (await connectForTest())?.docker.getContainer(id).pause();
    const outcome = await stack.pgmon(['up']);
    expect(outcome.code, outcome.stderr).toBe(0);
    const after = await stack.container('prometheus');
    expect([after.id === id, after.status]).toEqual([false, 'running']);
  });

  test.each([1, 3, 5, 7])(
    'daemon that dies after %i steps: is named, and the next run converges',
    async (steps) => {
      const stack = await smallStack('dies');
      const socket = path.join(stack.dir, 'docker.sock');
      const { cut } = await createCuttableSocket(socket);
      let lines = 0;
      const stderr: string[] = [];
      const write = (text: string) => {
        stderr.push(text);
        lines += 1;
        if (lines === steps) cut();
      };
      const outcome = await stack.pgmon(['up'], {
        env: { DOCKER_HOST: `unix://${socket}` },
        host: { stderr: { isTTY: false, columns: 200, write } },
      });
      expect(outcome.code, stderr.join('')).toBe(4);
      expect(stderr.join('')).toContain('does not answer');
      const healed = await stack.pgmon(['up']);
      expect(healed.code, healed.stderr).toBe(0);
      const { containers } = await stack.world();
      expect(containers.map(({ name, status }) => [name, status])).toEqual([
        [`${stack.name}-postgres-exporter-1`, 'running'],
        [`${stack.name}-postgres-exporter-slow-1`, 'running'],
        [`${stack.name}-prometheus-1`, 'running'],
      ]);
      expect((await stack.pgmon(['diff'])).code).toBe(0);
    },
  );

  test.each([1, 4, 6, 8, 10])('Ctrl-C after %i steps: rolls back and ends with 130', async (steps) => {
    const stack = await createTestStack('ctrlc');
    await stack.writeSpec(fullSpec(stack));
    const controller = new AbortController();
    let lines = 0;
    const write = () => {
      lines += 1;
      if (lines === steps) controller.abort(new CancelledError());
    };
    const stderr = { isTTY: false, columns: 200, write };
    const { code } = await stack.pgmon(['up'], { signal: controller.signal, host: { stderr } });
    expect(code).toBe(130);
    const { containers, networks } = await stack.world();
    expect([containers, networks]).toEqual([[], []]);
    expect(existsSync(path.join(stack.outDir, 'docker-compose.yml'))).toBe(false);
    const next = await stack.pgmon(['up']);
    expect(next.code, next.stderr).toBe(0);
  });

  test('Ctrl-C while a running stack changes: everything is as before', async () => {
    const stack = await smallStack('ctrlchange');
    expect((await stack.pgmon(['up'])).code).toBe(0);
    const before = (await stack.world()).containers.map(({ id, name, status }) => [id, name, status]);
    const compose = readFileSync(path.join(stack.outDir, 'docker-compose.yml'), 'utf8');
    await stack.writeSpec(smallSpec(stack).replace('prometheus: {', 'prometheus: {memory: 777MiB, '));
    const controller = new AbortController();
    const stderr: string[] = [];
    const write = (text: string) => {
      stderr.push(text);
      if (/start .*prometheus/.test(text)) controller.abort(new CancelledError());
    };
    const { code } = await stack.pgmon(['up'], {
      signal: controller.signal,
      host: { stderr: { isTTY: false, columns: 200, write } },
    });
    expect(code, stderr.join('')).toBe(130);
    expect((await stack.world()).containers.map(({ id, name, status }) => [id, name, status])).toEqual(
      before,
    );
    expect(readFileSync(path.join(stack.outDir, 'docker-compose.yml'), 'utf8')).toBe(compose);
  });

  test('lock of a dead process: is taken over', async () => {
    const stack = await smallStack('stale');
    mkdirSync(stack.outDir, { recursive: true });
    writeFileSync(path.join(stack.outDir, '.pgmon.lock'), `4194300 ${stack.host.hostName}\n`);
    expect((await stack.pgmon(['up'])).code).toBe(0);
  });
});
