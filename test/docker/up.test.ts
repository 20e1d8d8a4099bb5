/** up, down and diff on the real daemon: what is there afterwards, not what was printed. */
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { createHttp } from '../../src/host/node-http.ts';
import { queryPostgres } from '../../src/host/postgres.ts';
import { daemonMissing } from '../support/daemon.ts';
import {
  createTestStack,
  fingerprint,
  fullSpec,
  smallSpec,
  type TestStack,
  touched,
} from '../support/test-stack.ts';

const NEVER = new AbortController().signal;
const http = createHttp();
const SERVICES = [
  'alertmanager',
  'node-exporter',
  'postgres',
  'postgres-exporter',
  'postgres-exporter-slow',
  'prometheus',
  'sql-exporter',
];

async function upOrFail(stack: TestStack, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await stack.pgmon(['up', ...words]);
  if (code !== 0) throw new Error(`up ended with ${code}:\n${stderr}`);
  return stdout;
}

/** A full stack that is up. */
async function startStack(slug: string): Promise<TestStack> {
  const stack = await createTestStack(slug);
  await stack.writeSpec(fullSpec(stack));
  await upOrFail(stack);
  return stack;
}

async function startSmall(slug: string): Promise<TestStack> {
  const stack = await createTestStack(slug);
  await stack.writeSpec(smallSpec(stack));
  await upOrFail(stack);
  return stack;
}

function running(world: Awaited<ReturnType<TestStack['world']>>): readonly string[] {
  return world.containers
    .filter(({ status }) => status === 'running')
    .map(({ service }) => service)
    .sort();
}

async function login(stack: TestStack, user: string, secret: string) {
  const password = await readFile(path.join(stack.outDir, 'secrets/generated', secret), 'utf8');
  return ask(stack, { user, password }, 'SELECT current_user::text AS who');
}

function ask(stack: TestStack, role: { readonly user: string; readonly password: string }, sql: string) {
  return queryPostgres(
    {
      host: '127.0.0.1',
      port: stack.ports.postgres,
      database: 'app',
      ...role,
      sslMode: 'disable',
      ca: null,
      cert: null,
      key: null,
      timeoutMs: 5000,
    },
    sql,
    NEVER,
  );
}

describe.skipIf(daemonMissing !== null)(`up on the real daemon${daemonMissing ?? ''}`, () => {
  test('makes every service serve and says where', async () => {
    const stack = await createTestStack('up');
    await stack.writeSpec(fullSpec(stack));
    const text = await upOrFail(stack);
    expect(running(await stack.world())).toEqual(SERVICES);
    const ready = await http({ url: `http://127.0.0.1:${stack.ports.prometheus}/-/ready` });
    expect(ready.status).toBe(200);
    expect(text).toContain(`http://127.0.0.1:${stack.ports.prometheus}`);
    expect(text).toContain('next: pgmon check');
    expect(existsSync(path.join(stack.outDir, '.pgmon.lock'))).toBe(false);
  });

  test('changes nothing when it runs again', async () => {
    const stack = await startStack('noop');
    const before = await stack.world();
    const { code, stdout } = await stack.pgmon(['up', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, changed: false });
    expect(fingerprint(await stack.world())).toEqual(fingerprint(before));
    expect((await stack.pgmon(['diff'])).code).toBe(0);
  });

  test('touches only the service whose definition changed', async () => {
    const stack = await startStack('change');
    const before = await stack.world();
    await stack.writeSpec(
      fullSpec(stack).replace(
        /alertmanager: .*/,
        `alertmanager: {port: ${stack.ports.alertmanager}, memory: 96MiB}`,
      ),
    );
    const shown = await stack.pgmon(['diff']);
    expect(shown.code).toBe(10);
    expect(shown.stdout).toContain('replace alertmanager');
    expect(touched(before, await stack.world())).toEqual([]);
    await upOrFail(stack);
    const after = await stack.world();
    expect(touched(before, after)).toEqual(['alertmanager']);
    expect(after.containers).toHaveLength(SERVICES.length);
  });

  test('heals a container that was removed and one that was stopped by hand', async () => {
    const stack = await startStack('drift');
    const before = await stack.world();
    const removed = await stack.container('node-exporter');
    await stack.provider.remove({ kind: 'container', id: removed.id }, NEVER);
    const stopped = await stack.container('prometheus');
    await stack.provider.stop(stopped.id, NEVER);
    await upOrFail(stack);
    const after = await stack.world();
    expect(touched(before, after)).toEqual(['node-exporter', 'prometheus']);
    expect((await stack.container('prometheus')).id).toBe(stopped.id);
    expect(running(after)).toEqual(SERVICES);
  });

  test('gives Prometheus a changed configuration without a restart', async () => {
    const stack = await startSmall('reload');
    const before = await stack.world();
    await stack.writeSpec(`${smallSpec(stack)}scrape: {interval: 7s, timeout: 3s}\n`);
    await upOrFail(stack);
    const config = await http({ url: `http://127.0.0.1:${stack.ports.prometheus}/api/v1/status/config` });
    expect(config.body).toContain('scrape_interval: 7s');
    expect(touched(before, await stack.world())).not.toContain('prometheus');
    expect((await stack.pgmon(['diff'])).code).toBe(0);
  });

  test('reloads a configuration that was written but not loaded by a run that was killed', async () => {
    const stack = await startSmall('late');
    const later = new Date(Date.now() + 2000);
    await utimes(path.join(stack.outDir, 'prometheus/prometheus.yml'), later, later);
    const { stdout } = await stack.pgmon(['diff']);
    expect(stdout).toContain('reload prometheus');
  });

  test('brings files that were changed by hand back', async () => {
    const stack = await startSmall('hand');
    const file = path.join(stack.outDir, 'prometheus/prometheus.yml');
    const text = await readFile(file, 'utf8');
    await appendFile(file, '# by hand\n');
    expect((await stack.pgmon(['diff', '--files-only'])).stdout).toContain('-# by hand');
    await upOrFail(stack);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('gives existing data new passwords', async () => {
    const stack = await startStack('secret');
    for (const id of ['servers.demo.password', 'postgres.superuserPassword']) {
      await writeFile(path.join(stack.outDir, 'secrets/generated', id), `changed-${id}`);
    }
    await expect(login(stack, 'pgmon', 'servers.demo.password')).rejects.toThrow();
    await upOrFail(stack);
    expect(await login(stack, 'pgmon', 'servers.demo.password')).toEqual({ who: 'pgmon' });
    expect(await login(stack, 'postgres', 'postgres.superuserPassword')).toEqual({ who: 'postgres' });
  });

  test('takes new passwords back when another service does not come to serve', async () => {
    const stack = await startStack('unsecret');
    const file = path.join(stack.outDir, 'secrets/generated/servers.demo.password');
    const before = await readFile(file, 'utf8');
    await writeFile(file, 'changed-password');
    const prometheus = `{port: ${stack.ports.prometheus}`;
    const spec = await readFile(stack.specFile, 'utf8');
    await writeFile(stack.specFile, spec.replace(prometheus, `${prometheus}, memory: 333MiB`));
    const never: Host['http'] = async (request) =>
      request.url.includes(`:${stack.ports.prometheus}/`)
        ? { status: 503, headers: {}, body: '' }
        : http(request);
    // Long enough for the server to come back and take the new passwords.
    const { code, stderr } = await stack.pgmon(['up', '--timeout', '30s'], { host: { http: never } });
    expect([code, stderr]).toEqual([5, expect.stringMatching(/\+ roll back.* roles of postgres/)]);
    // The old server was started again, which nobody waits for in a rollback.
    const old = () =>
      ask(stack, { user: 'pgmon', password: before }, 'SELECT 1 AS one').catch(
        (error: Error) => error.message,
      );
    await expect.poll(old, { timeout: 60_000, interval: 200 }).toEqual({ one: 1 });
  });

  test('gives existing data the limits that the spec asks for now', async () => {
    const stack = await startStack('limits');
    const spec = await readFile(stack.specFile, 'utf8');
    const changed = spec.replace('slowInterval: 4s', 'slowInterval: 7s');
    await writeFile(stack.specFile, changed);
    await upOrFail(stack);
    const password = await readFile(
      path.join(stack.outDir, 'secrets/generated/servers.demo.password'),
      'utf8',
    );
    const limit = await ask(stack, { user: 'pgmon', password }, 'SHOW statement_timeout');
    expect(limit).toEqual({ statement_timeout: '6s' });
  });

  test('shows no secret, whatever it is asked to print', async () => {
    const stack = await createTestStack('hush');
    await stack.writeSpec(fullSpec(stack));
    const outputs = [
      await stack.pgmon(['up', '--debug']),
      await stack.pgmon(['up', '--json', '--debug']),
      await stack.pgmon(['diff', '--json']),
      await stack.pgmon(['down', '--json']),
      await stack.pgmon(['up', '--dry-run', '--json']),
    ];
    const text = outputs.map(({ stdout, stderr }) => stdout + stderr).join('');
    const dir = path.join(stack.outDir, 'secrets/generated');
    const secrets = await Promise.all(
      (await readdir(dir)).map((name) => readFile(path.join(dir, name), 'utf8')),
    );
    expect(secrets.length).toBeGreaterThan(1);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('waits for and reloads a Prometheus that asks for a password', async () => {
    const stack = await createTestStack('auth');
    const spec = smallSpec(stack).replace(
      'prometheus: {',
      'prometheus: {basicAuth: {user: admin, password: {generate: true}}, ',
    );
    await stack.writeSpec(spec);
    await upOrFail(stack);
    const url = `http://127.0.0.1:${stack.ports.prometheus}/api/v1/status/config`;
    expect((await http({ url })).status).toBe(401);
    const before = await stack.world();
    expect((await stack.pgmon(['diff'])).code).toBe(0);
    await stack.writeSpec(`${spec}scrape: {interval: 7s, timeout: 3s}\n`);
    await upOrFail(stack);
    expect(touched(before, await stack.world())).not.toContain('prometheus');
    const id = 'prometheus.basicAuth.password';
    const password = await readFile(path.join(stack.outDir, 'secrets/generated', id), 'utf8');
    const config = await http({ url, basicAuth: { user: 'admin', password } });
    expect(config.body).toContain('scrape_interval: 7s');
  });

  test('makes a container anew whose mounted directory was removed', async () => {
    const stack = await startSmall('lost');
    await rm(path.join(stack.outDir, 'prometheus'), { recursive: true });
    const before = await stack.world();
    await upOrFail(stack);
    expect(touched(before, await stack.world())).toEqual(['prometheus']);
    const config = await http({ url: `http://127.0.0.1:${stack.ports.prometheus}/api/v1/status/config` });
    expect(config.body).toContain('job_name: postgresql');
  });

  test('removes the container of a service that the spec no longer has', async () => {
    const stack = await startStack('orphan');
    await stack.writeSpec(fullSpec(stack).replace(/nodeExporter: .*/, 'nodeExporter: {enabled: false}'));
    await upOrFail(stack);
    expect(running(await stack.world())).toEqual(SERVICES.filter((name) => name !== 'node-exporter'));
  });

  test('down leaves nothing but data, and --volumes not even that', async () => {
    const stack = await startStack('down');
    const refused = await stack.pgmon(['down', '--volumes']);
    expect(refused.code).toBe(2);
    expect((await stack.world()).containers).toHaveLength(SERVICES.length);
    expect((await stack.pgmon(['down'])).code).toBe(0);
    const kept = await stack.world();
    expect([kept.containers, kept.networks]).toEqual([[], []]);
    expect(kept.volumes).toHaveLength(3);
    expect((await stack.pgmon(['down', '--volumes', '--yes'])).code).toBe(0);
    expect((await stack.world()).volumes).toEqual([]);
    const again = await stack.pgmon(['down']);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing to remove')]);
  });

  test('keeps its data over down and up', async () => {
    const stack = await startStack('data');
    const postgres = await stack.container('postgres');
    const psql = [
      'psql',
      '-q',
      '-U',
      'postgres',
      '-d',
      'app',
      '-c',
      'CREATE TABLE kept AS SELECT 42 AS answer',
    ];
    expect((await stack.provider.exec(postgres.id, psql, {}, NEVER)).exitCode).toBe(0);
    expect((await stack.pgmon(['down'])).code).toBe(0);
    await upOrFail(stack);
    const { id } = await stack.container('postgres');
    const select = ['psql', '-qAt', '-U', 'postgres', '-d', 'app', '-c', 'SELECT answer FROM kept'];
    expect((await stack.provider.exec(id, select, {}, NEVER)).stdout.trim()).toBe('42');
  });

  test('down finds the stack by name when its spec is broken', async () => {
    const stack = await startSmall('broken');
    await writeFile(stack.specFile, 'apiVersion: [\n');
    const without = await stack.pgmon(['down']);
    expect([without.code, without.stderr]).toEqual([3, expect.stringContaining('down --name')]);
    expect((await stack.pgmon(['down', '--name', stack.name])).code).toBe(0);
    expect((await stack.world()).containers).toEqual([]);
  });

  test('down leaves the stack of another directory alone, although it has the same name', async () => {
    const stack = await startSmall('namesake');
    const { containers } = await stack.world();
    await Promise.all(containers.map(({ id }) => stack.provider.stop(id, NEVER)));
    const elsewhere = path.join(stack.dir, 'elsewhere');
    const outcome = await stack.pgmon(['down', '--volumes', '--yes', '-o', elsewhere]);
    expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(stack.outDir)]);
    const after = await stack.world();
    expect(after.containers).toHaveLength(containers.length);
    expect(after.volumes.length).toBeGreaterThan(0);
  });

  test('down needs nothing but the name of a spec that has mistakes', async () => {
    const stack = await startSmall('mistakes');
    await appendFile(stack.specFile, 'nonsense: 1\n');
    expect((await stack.pgmon(['validate'])).code).toBe(3);
    expect((await stack.pgmon(['down'])).code).toBe(0);
    expect((await stack.world()).containers).toEqual([]);
  });

  test('a dry run says what would happen and changes nothing', async () => {
    const stack = await createTestStack('dry');
    await stack.writeSpec(smallSpec(stack));
    const { code, stdout } = await stack.pgmon(['up', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('create prometheus');
    const world = await stack.world();
    expect([world.containers, world.networks, world.volumes]).toEqual([[], [], []]);
    expect(existsSync(path.join(stack.dir, '.pgmon'))).toBe(false);
  });
});
