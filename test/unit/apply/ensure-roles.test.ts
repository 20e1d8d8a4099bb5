/** The SQL that brings a server with old data to the roles of the spec. */
import { expect, it } from 'vitest';
import type { ApplyDeps } from '../../../src/apply/apply-deps.ts';
import { ensureRoles } from '../../../src/apply/ensure-roles.ts';
import { scramVerifier } from '../../../src/apply/scram.ts';
import type { BundledServer } from '../../../src/plan/operations.ts';
import { monitoringLimits } from '../../../src/stack/role/monitoring-limits.ts';
import { createFakeHost, createTestDir } from '../../support/fake-host.ts';
import { createFakeProvider } from '../../support/fake-provider.ts';
import { createStack } from '../../support/stack-fixture.ts';
import { createEmptyWorld, renderForTest } from '../../support/world-fixture.ts';

const rendered = renderForTest();
const PASSWORD = 'correct horse battery';
const server: BundledServer = {
  superuser: 'postgres',
  database: 'app',
  volume: 'postgres-data',
  roles: [
    {
      name: 'pgmon',
      password: 'servers.app.password',
      memberOf: ['pg_monitor'],
      isWriter: false,
      limits: monitoringLimits(createStack()),
    },
  ],
};

/** What psql was given. */
async function sqlFor(one: BundledServer): Promise<string> {
  let sql = '';
  const provider = createFakeProvider(createEmptyWorld(rendered), {
    exec: async (_id, _command, { input = '' }) => {
      sql = input;
      return { exitCode: 0, stdout: '', stderr: '' };
    },
  });
  const deps: ApplyDeps = {
    provider,
    host: createFakeHost({ cwd: await createTestDir() }),
    reporter: { event: () => undefined, warn: () => undefined },
    context: { stackName: 'demo', outDir: '/nowhere' },
    rendered,
    secrets: new Map(),
    completeSecrets: async () => new Map(),
    secretFiles: new Map(),
    readyTimeoutMs: 1000,
  };
  const secrets = new Map([['servers.app.password', PASSWORD]]);
  await ensureRoles(deps, { server: one, containerId: 'id', secrets }, new AbortController().signal);
  return sql;
}

it('computes the verifier that PostgreSQL stores, as the example of RFC 7677 has it', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(await scramVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

it('never sends the password itself', async () => {
  const sql = await sqlFor(server);
  expect(sql).toContain('ALTER ROLE "pgmon" LOGIN PASSWORD \'SCRAM-SHA-256$4096:');
  expect(sql).not.toContain(PASSWORD);
});

it('gives an old server the limits that the init script gives a new one', async () => {
  const script = rendered.files.find(({ path }) => path.startsWith('postgres/initdb/'))?.content ?? '';
  const sql = await sqlFor(server);
  const settings = script.split('\n').filter((line) => / SET \w+_timeout = /.test(line));
  expect(settings).toHaveLength(3);
  for (const line of settings) expect(sql).toContain(line);
  const limit = /CONNECTION LIMIT \d+/.exec(script)?.[0] ?? 'no limit';
  expect(sql).toContain(`ALTER ROLE "pgmon" ${limit};`);
});
