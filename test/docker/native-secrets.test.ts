/** Secrets of a native stack are nowhere but in root's files and the services' credentials: not in what systemd, /proc or the journal show. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type NativeWorld, STACK, startNativeWorld, TCP_PASSWORD } from '../support/native-world.ts';
import { systemdMissing } from '../support/systemd-image.ts';

const skipped = await systemdMissing();
const WAIT = { timeout: 60_000, interval: 1000 } as const;
const HOOK_URL = 'http://192.0.2.9/hook-token-7f3a9c';
const SECTIONS = [
  'prometheus: {basicAuth: {user: admin, password: {generate: true}}}',
  'alerting: {defaultReceiver: hook, receivers: [{name: hook, webhook: {url: {file: hook-url}}}]}',
];
const CONFIG = `/etc/pgmon/${STACK}`;

/** What anybody may ask for, or root at most: one shell command each. */
const PLACES = {
  "systemctl show '*'": "systemctl show '*'",
  'unit files': "cat /etc/systemd/system/pgmon-* 2>/dev/null; systemctl cat 'pgmon-*'",
  arguments: `cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'`,
  environments: `cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'`,
  journal: 'journalctl --all --output=verbose --no-pager',
  configuration: `find ${CONFIG} -path ${CONFIG}/secrets -prune -o -type f -exec cat {} +`,
  'sysusers.d and tmpfiles.d': 'cat /etc/sysusers.d/pgmon-* /etc/tmpfiles.d/pgmon-*',
  data: 'find /var/lib/pgmon -type f -exec cat {} +',
} as const;

let world: NativeWorld;
let secrets: ReadonlyMap<string, string>;
let said: ReadonlyMap<string, string>;

/** What it prints; it must end with 0. */
async function runWell(words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await world.run(...words);
  const line = words.join(' ');
  expect([line, exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([line, 0, '']);
  return stdout + stderr;
}

async function runAll(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const words of [
    ['up', '--yes', '--debug'],
    ['up', '--yes', '--json'],
    ['diff', '--json'],
    ['check', '--wait', '90s', '--debug'],
    ['check', '--wait', '90s', '--json'],
    ['status', '--json'],
    ['logs', '--tail', 'all'],
    ['render', '--script'],
    ['render', '--json', '-o', '/tmp/tree'],
  ]) {
    const look = () => runWell(words);
    // It waits for nothing, and a busy machine may be late with one scrape.
    const text = words[0] === 'status' ? await vi.waitFor(look, WAIT) : await look();
    texts.set(words.join(' '), text);
  }
  return texts;
}

describe.skipIf(skipped !== null)(`secrets of a native stack${skipped ?? ''}`, () => {
  beforeAll(async () => {
    world = await startNativeWorld('native-secret');
    await world.writeFile('/root/monitoring/hook-url', HOOK_URL, '600');
    await world.writeSpec(SECTIONS);
    said = await runAll();
    const generated = await world.shell(`cat ${CONFIG}/secrets/generated/prometheus.basicAuth.password`);
    secrets = new Map([
      ['password of the server', TCP_PASSWORD],
      ['URL of the receiver', HOOK_URL],
      ['generated password', generated.trim()],
    ]);
  });
  afterAll(() => world?.remove());

  test('are long enough to be looked for, and in use', async () => {
    for (const value of secrets.values()) expect(value.length).toBeGreaterThan(15);
    const found = await world.shell(`grep -rl --fixed-strings '${TCP_PASSWORD}' ${CONFIG}`);
    expect(found.trim().split('\n').sort()).toEqual([
      `${CONFIG}/secrets/postgres-exporter-slow/postgres_exporter.yml`,
      `${CONFIG}/secrets/postgres-exporter/postgres_exporter.yml`,
      `${CONFIG}/secrets/sql-exporter/servers.over-tcp.password`,
    ]);
    const anonymous = await world.shell(
      "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9090/api/v1/status/config",
    );
    expect(anonymous).toBe('401');
  });

  test.each(Object.entries(PLACES))('are not in %s', async (_place, script) => {
    const { stdout } = await world.exec(['bash', '-c', script]);
    expect(stdout.length).toBeGreaterThan(50);
    for (const [name, value] of secrets) expect([name, stdout.includes(value)]).toEqual([name, false]);
  });

  test('are not in what pgmon prints', () => {
    for (const [words, text] of said) {
      for (const [name, value] of secrets)
        expect([words, name, text.includes(value)]).toEqual([words, name, false]);
    }
  });

  test('cannot be read by other users, nor by the users of other services', async () => {
    for (const user of ['nobody', 'postgres', 'pgmon', 'pgmon-prometheus']) {
      const { exitCode } = await world.exec(['ls', `${CONFIG}/secrets`], { user });
      expect([user, exitCode]).toEqual([user, 2]);
      const credentials = await world.exec(['bash', '-c', 'cat /run/credentials/*/*'], { user });
      if (user !== 'pgmon') expect([user, credentials.stdout.includes(TCP_PASSWORD)]).toEqual([user, false]);
    }
  });
});
