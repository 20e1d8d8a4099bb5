// What is rendered must satisfy the programs that read it, not only our own parser.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hash } from 'bcryptjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compareVersions, versionFromReference } from '../../src/catalog/components.ts';
import { buildRuleGroups } from '../../src/render/rules.ts';
import { shellWord } from '../../src/render/scalars.ts';
import type { Stack } from '../../src/stack/stack.ts';
import { composeCommand } from '../support/compose.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createTestDir } from '../support/fake-host.ts';
import { createFullStack } from '../support/full-stack-fixture.ts';
import { allFiles, renderForTest, secretValuesForTest } from '../support/rendering.ts';
import { createServer, createStack } from '../support/stack-fixture.ts';
import { readStack, STACK_FILES } from '../support/stacks.ts';
import { requireImage, runInImage, runTool, writeRendering } from '../support/tools.ts';

const HOSTILE = `no: {{ .x }} $HOME "q" 'q' \\ # \n- a: b \u2028 \u{1f600}`;

/** Hostile wherever the program behind the file has no rule of its own about the value. */
function createHostileStack(): Stack {
  const base = createFullStack();
  return createFullStack({
    specName: HOSTILE,
    externalLabels: { site: HOSTILE },
    servers: [createServer({ name: HOSTILE, user: HOSTILE, database: HOSTILE, labels: { team: HOSTILE } })],
    prometheus: {
      ...base.prometheus,
      web: {
        ...base.prometheus.web,
        basicAuth: base.prometheus.web.basicAuth && { ...base.prometheus.web.basicAuth, user: HOSTILE },
      },
    },
    delivery: {
      ...base.delivery,
      receivers: base.delivery.receivers.map((receiver) =>
        receiver.kind === 'slack' ? { ...receiver, channel: HOSTILE } : receiver,
      ),
      routes: [{ receiver: 'chat', match: { team: HOSTILE }, continues: false, mute: [] }],
    },
    grafana: base.grafana && { ...base.grafana, adminUser: HOSTILE },
  });
}

const STACKS: readonly (readonly [string, () => Stack])[] = [
  ...STACK_FILES.map(([, file]) => [`stacks/${file}`, () => readStack(file)] as const),
  ['every feature at once', () => createFullStack()],
  ['hostile strings everywhere', createHostileStack],
];

const IN_CONTAINERS = STACKS.filter(([, stackOf]) => stackOf().runtime === 'docker');

/** A directory with everything of the stack written, secrets included. */
async function writeStack(stack: Stack, values?: ReadonlyMap<string, string>): Promise<string> {
  const dir = await createTestDir();
  const rendered = renderForTest(stack);
  await writeRendering(dir, allFiles(rendered, values ?? secretValuesForTest(rendered)));
  execFileSync('chmod', ['-R', 'a+rX', dir]);
  return dir;
}

const prometheusMounts = (dir: string) => ({
  [path.join(dir, 'prometheus')]: '/etc/prometheus',
  [path.join(dir, 'secrets/prometheus')]: '/run/secrets',
});

describe.skipIf(daemonMissing !== null)(`real tools${daemonMissing ?? ''}`, () => {
  it.each(STACKS)('promtool accepts prometheus.yml and the rules of %s', async (_name, stackOf) => {
    const stack = stackOf();
    const dir = await writeStack(stack);
    // A server's own threshold is a second rule of the same name for that server: the lint calls it a duplicate.
    const hasChoices = stack.servers.some(({ alerts }) => Object.keys(alerts.overrides).length > 0);
    const lint = hasChoices ? '--lint=too-long-scrape-interval' : '--lint=all';
    const args = ['check', 'config', lint, '--lint-fatal', '/etc/prometheus/prometheus.yml'];
    const { code, output } = await runInImage('prometheus', 'promtool', args, prometheusMounts(dir));
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') as string });
    expect(output).toContain(`${buildRuleGroups(stack).length} rule files found`);
  });

  it.each(STACKS)('amtool accepts alertmanager.yml of %s', async (_name, stackOf) => {
    const dir = await writeStack(stackOf());
    const mounts = { [path.join(dir, 'alertmanager')]: '/etc/alertmanager' };
    const args = ['check-config', '/etc/alertmanager/alertmanager.yml'];
    const { code, output } = await runInImage('alertmanager', 'amtool', args, mounts);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') as string });
  });

  it('alertmanager routes by the matchers that the spec gives', async () => {
    const dir = await writeStack(createFullStack());
    const mounts = { [path.join(dir, 'alertmanager')]: '/etc/alertmanager' };
    const route = (...labels: string[]) =>
      runInImage(
        'alertmanager',
        'amtool',
        ['config', 'routes', 'test', '--config.file=/etc/alertmanager/alertmanager.yml', ...labels],
        mounts,
      );
    expect((await route('environment=prod', 'severity=critical')).output.split('\n')[0]).toBe('pager,mail');
    expect((await route('environment=demo', 'severity=critical')).output.split('\n')[0]).toBe('mail');
  });

  it.skipIf(spawnSync('openssl', ['version']).status !== 0)(
    'promtool accepts web.yml with TLS and a hashed password (needs openssl)',
    async () => {
      const certs = await createTestDir();
      const [key, cert] = [path.join(certs, 'key.pem'), path.join(certs, 'cert.pem')];
      const request = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=metrics.example.com',
      ];
      execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
      const stack = createHostileStack();
      const values = new Map(secretValuesForTest(renderForTest(stack)));
      values.set('prometheus.tls.cert', readFileSync(cert, 'utf8'));
      values.set('prometheus.tls.ca', readFileSync(cert, 'utf8'));
      values.set('prometheus.tls.key', readFileSync(key, 'utf8'));
      values.set('prometheus.basicAuth.passwordHash', await hash('a password', 4));
      const dir = await writeStack(stack, values);
      const args = ['check', 'web-config', '/run/secrets/web.yml'];
      const { code, output } = await runInImage('prometheus', 'promtool', args, prometheusMounts(dir));
      expect({ code, output }).toMatchObject({
        code: 0,
        output: expect.stringContaining('SUCCESS') as string,
      });
    },
  );

  it.each(IN_CONTAINERS)(
    'docker compose reads %s as the services that pgmon means',
    async (_name, stackOf) => {
      const compose = await composeCommand();
      if (compose === null) throw new Error('no Docker Compose: run node scripts/setup.mjs');
      const stack = stackOf();
      const dir = await writeStack(stack);
      const [file = '', ...args] = compose;
      const { code, output } = await runTool(file, [
        ...args,
        '--project-directory',
        dir,
        'config',
        '--format',
        'json',
      ]);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      // `config` prints a file that could be read again, with every $ doubled.
      const undollar = (text: string): string => text.replaceAll('$$', '$');
      const model = JSON.parse(undollar(output)) as ComposeModel;
      for (const service of renderForTest(stack).services) {
        expect(summaryOf(model.services[service.name]), service.name).toEqual({
          command: service.command,
          entrypoint: service.entrypoint,
          environment: service.environment,
          labels: service.labels,
          memory: service.memoryBytes,
          image: service.image,
        });
      }
    },
  );

  it('psql runs role.sql twice, whatever the role is called, and refuses a superuser', async () => {
    const container = await startPostgres();
    const sqlOf = (user: string): string => {
      const file = renderForTest(createStack({ servers: [createServer({ user })] })).files.find(
        (one) => one.path === 'sql/role.sql',
      );
      return file?.content ?? '';
    };
    const psql = (input: string) =>
      runTool('docker', ['exec', '-i', container, 'psql', '-XAtq', '-U', 'postgres'], input);
    const name = `ro"le'; \\ $pgmon$ $$ :x {{y}} ü`;
    expect(await psql(sqlOf(name))).toEqual({ code: 0, output: '' });
    expect(await psql(sqlOf(name))).toEqual({ code: 0, output: '' });
    const { output } = await psql(
      `SELECT rolname, rolsuper, rolconnlimit, pg_has_role(oid, 'pg_monitor', 'member'), rolconfig
         FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)';`,
    );
    expect(output.trim()).toBe(
      `${name}|f|20|t|{statement_timeout=29000ms,lock_timeout=1000ms,idle_in_transaction_session_timeout=60s,"search_path=pg_catalog, public"}`,
    );
    const refused = await psql(sqlOf('postgres'));
    expect(refused).toMatchObject({
      code: 3,
      output: expect.stringContaining('may do more than monitor') as string,
    });
    expect((await psql(`SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres';`)).output.trim()).toBe('t');
  });
});

it('a POSIX shell reads a shell word as it was meant', async () => {
  const { output } = await runTool('sh', ['-c', `printf %s ${shellWord(HOSTILE)}`]);
  expect(output).toBe(HOSTILE);
});

interface ComposeService {
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly mem_limit: string;
  readonly image: string;
}

interface ComposeModel {
  readonly services: Readonly<Record<string, ComposeService>>;
}

function summaryOf(service: ComposeService | undefined) {
  return (
    service && {
      command: service.command ?? [],
      entrypoint: service.entrypoint ?? [],
      environment: service.environment ?? {},
      labels: service.labels,
      memory: Number(service.mem_limit),
      image: service.image,
    }
  );
}

/** A throw-away server; resolves with its container's name once it answers over TCP. */
async function startPostgres(): Promise<string> {
  const image = await requireImage('postgres');
  expect(compareVersions(versionFromReference(image) ?? '0', '13')).toBeGreaterThan(0);
  const name = `pgmon-test-role-${randomBytes(4).toString('hex')}`;
  onTestFinished(() => void execFileSync('docker', ['rm', '-f', '-v', name], { stdio: 'ignore' }));
  const environment = ['-e', 'POSTGRES_HOST_AUTH_METHOD=trust', '-e', 'POSTGRES_INITDB_ARGS=--no-sync'];
  const started = await runTool('docker', [
    'run',
    '-d',
    '--network',
    'none',
    '--name',
    name,
    ...environment,
    image,
  ]);
  expect(started).toMatchObject({ code: 0 });
  await expect
    .poll(async () => (await runTool('docker', ['exec', name, 'pg_isready', '-q', '-h', '127.0.0.1'])).code, {
      timeout: 60_000,
      interval: 200,
    })
    .toBe(0);
  return name;
}
