/** Secrets of a running, secured stack are nowhere but in its secret files: not in inspect, arguments, files, logs, SQL or output. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { createTestStack, type TestStack } from '../support/test-stack.ts';

const OWN_PASSWORD = `own-${'s3cr3t-'.repeat(3)}42`;
const HOOK_URL = 'http://192.0.2.9/hook-token-7f3a9c';

function securedSpec({ ports }: TestStack): string {
  return `scrape: {interval: 2s, timeout: 2s}
servers:
  - name: demo
    bundled: {database: app, port: ${ports.postgres}, disposable: true, workload: {clients: 1, rate: 5, scale: 1}}
  - {name: away, host: 192.0.2.1, password: {env: AWAY_PASSWORD}}
prometheus: {port: ${ports.prometheus}, basicAuth: {user: admin, password: {generate: true}}}
postgresExporter: {port: ${ports.exporter}}
alertmanager: {port: ${ports.alertmanager}}
nodeExporter: {port: ${ports.node}}
alerting:
  defaultReceiver: hook
  receivers: [{name: hook, webhook: {url: {env: HOOK_URL}}}]
`;
}

/** Every secret value of the stack, by where it comes from. */
async function secretValues(stack: TestStack): Promise<ReadonlyMap<string, string>> {
  const dir = path.join(stack.outDir, 'secrets/generated');
  const names = await readdir(dir);
  const generated = await Promise.all(
    names.map(async (name) => [name, (await readFile(path.join(dir, name), 'utf8')).trim()] as const),
  );
  return new Map([...generated, ['away', OWN_PASSWORD], ['hook', HOOK_URL]]);
}

async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

const docker = async (...words: readonly string[]) => (await execa('docker', words, { all: true })).all;

/** Everything that others can read, by name. */
async function readableTexts(stack: TestStack): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const { containers } = await stack.world();
  for (const { name } of containers) {
    texts.set(`inspect ${name}`, await docker('inspect', name));
    texts.set(`arguments ${name}`, await docker('top', name, '-eo', 'pid,args'));
    texts.set(`logs ${name}`, await docker('logs', name));
  }
  for (const file of await filesBelow(stack.outDir)) {
    const relative = path.relative(stack.outDir, file);
    if (!relative.startsWith('secrets/')) texts.set(`file ${relative}`, await readFile(file, 'utf8'));
  }
  return texts;
}

test.skipIf(daemonMissing)('a secured stack shows no secret to anyone', async () => {
  const stack = await createTestStack('secrets');
  await stack.writeSpec(securedSpec(stack));
  const env = { AWAY_PASSWORD: OWN_PASSWORD, HOOK_URL };
  const said = new Map<string, string>();
  const commands = [
    ['up', '--debug'],
    ['up', '--json'],
    ['diff'],
    ['diff', '--json'],
    ['check', '--debug'],
    ['check', '--json', '--junit', path.join(stack.dir, 'junit.xml')],
    ['status', '--json'],
    ['logs', '--tail', 'all'],
    ['render', '--json'],
    ['validate', '--json'],
    ['images', 'list', '--json'],
  ];
  for (const words of commands) {
    const { stdout, stderr } = await stack.pgmon(words, { env });
    said.set(words.join(' '), stdout + stderr);
  }
  const statements = await docker(
    ...['exec', `${stack.name}-postgres-1`, 'psql', '-U', 'postgres', '-At', '-d', 'app'],
    ...['-c', 'SELECT query FROM pg_stat_statements UNION ALL SELECT query FROM pg_stat_activity'],
  );
  const places = new Map([...said, ...(await readableTexts(stack)), ['statements', statements]]);
  places.set('junit', await readFile(path.join(stack.dir, 'junit.xml'), 'utf8'));

  const secrets = await secretValues(stack);
  expect(secrets.size).toBeGreaterThan(5);
  for (const value of secrets.values()) expect(value.length).toBeGreaterThan(10);
  const leaks = [...places].flatMap(([place, text]) =>
    [...secrets].filter(([, value]) => text.includes(value)).map(([id]) => `${id} in ${place}`),
  );
  expect(leaks).toEqual([]);
  expect(said.get('up --debug')).toContain('is up');
});

test.skipIf(daemonMissing)(
  'secret files are closed to other users of the machine, open to the container',
  async () => {
    const stack = await createTestStack('secretmodes');
    await stack.writeSpec(securedSpec(stack));
    const { code, stderr } = await stack.pgmon(['up'], { env: { AWAY_PASSWORD: OWN_PASSWORD, HOOK_URL } });
    expect(code, stderr).toBe(0);
    const modes = await execa('find', [path.join(stack.outDir, 'secrets'), '-printf', '%m %y %P\n']);
    const open = modes.stdout.split('\n').filter((line) => / f (?!generated\/|\.gitignore)/.test(line));
    expect(modes.stdout.split('\n')).toContain('700 d ');
    expect(open.length).toBeGreaterThan(3);
    for (const line of open) expect(line).toMatch(/^444 f /);
    for (const line of modes.stdout.split('\n').filter((one) => / f generated\//.test(one))) {
      expect(line).toMatch(/^600 f /);
    }
  },
);
