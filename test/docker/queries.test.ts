/** `pgmon queries` on real servers: new and old, the extension elsewhere, missing and not loaded, and the bundled server. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli.ts';
import type { Statements } from '../../src/commands/queries/statement-question.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createTestDir } from '../support/fake-host.ts';
import {
  createFleet,
  olderVersionsMissing,
  type PostgresFleet,
  type PostgresServer,
} from '../support/postgres-versions.ts';
import type { CliOutcome } from '../support/run-cli.ts';
import { createTestStack, fullSpec } from '../support/test-stack.ts';

const missing = daemonMissing ?? (await olderVersionsMissing());
const PASSWORD = 'monitoring-Passw0rd';
const LOADED = { settings: { shared_preload_libraries: 'pg_stat_statements' }, databases: ['app'] };

async function queries(server: PostgresServer, ...words: readonly string[]): Promise<CliOutcome> {
  const file = path.join(await createTestDir(), 'pgmon.yaml');
  await writeFile(
    file,
    `apiVersion: pgmon/v1
name: texts
servers:
  - name: orders
    host: 127.0.0.1
    port: ${server.port()}
    database: app
    tls: {mode: disable}
    password: {env: MONITOR}
`,
  );
  const said = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: name === 'stdout',
    columns: 100,
    write: (part: string) => {
      said[name] += part;
    },
  });
  const host = createNodeHost({ signal: new AbortController().signal });
  const code = await run(['node', 'pgmon', 'queries', 'orders', ...words, '-f', file], {
    ...host,
    env: { ...host.env, MONITOR: PASSWORD, NO_COLOR: '1' },
    stdin: { isTTY: false, readText: async () => '' },
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  });
  expect(said.stdout + said.stderr).not.toContain(PASSWORD);
  return { code, ...said };
}

function found({ stdout }: CliOutcome): Statements {
  return JSON.parse(stdout) as Statements;
}

/** A role as `pgmon role apply` makes it, without its limits. */
async function makeRole(server: PostgresServer, rights = 'GRANT pg_monitor TO pgmon'): Promise<void> {
  await server.sql(`CREATE ROLE pgmon LOGIN PASSWORD '${PASSWORD}'; ${rights}`);
}

const MARK = 'a_statement_of_the_test';
const LONG = `SELECT ${Array.from({ length: 1500 }, (_, i) => `1 AS ${MARK}_${i}`).join(', ')}`;

describe.skipIf(missing !== null)(`pgmon queries${missing ?? ''}`, () => {
  let fleet: PostgresFleet;
  let newest: PostgresServer;
  let old: PostgresServer;
  let bare: PostgresServer;
  afterAll(async () => fleet.remove());
  beforeAll(async () => {
    fleet = await createFleet('queries');
    [newest, old, bare] = await Promise.all([
      fleet.startServer(18, LOADED),
      fleet.startServer(14, LOADED),
      fleet.startServer(13, { databases: ['app'] }),
    ]);
    await Promise.all([newest, bare].map((server) => makeRole(server)));
    await makeRole(old, '');
    await newest.sql(
      'CREATE SCHEMA "Odd ""place"; CREATE EXTENSION pg_stat_statements SCHEMA "Odd ""place"',
      {
        database: 'app',
      },
    );
  }, 300_000);

  it('lists statements with their texts, wherever the extension lives', async () => {
    const session = await newest.connect({ database: 'app' });
    await session.query('SELECT "Odd ""place".pg_stat_statements_reset()');
    for (let call = 0; call < 3; call += 1) await session.query(`SELECT $1::int AS ${MARK}`, [call]);
    await session.query('SELECT /* \u001b[2J */ pg_sleep(1)');
    await session.query(`CREATE ROLE other PASSWORD 'a-password-of-others'`);
    await session.query(LONG);

    const refused = await queries(newest);
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toContain('GRANT USAGE ON SCHEMA "Odd ""place" TO "pgmon"');
    await newest.sql('GRANT USAGE ON SCHEMA "Odd ""place" TO pgmon', { database: 'app' });

    const byCalls = found(await queries(newest, '--json', '--limit', '1000', '--by', 'calls'));
    const mine = byCalls.statements.find(({ text }) => text === `SELECT $1::int AS ${MARK}`);
    expect(mine).toMatchObject({ user: 'postgres', database: 'app', calls: 3, rows: 3, isTextCut: false });
    expect(byCalls.since).toMatch(/^20\d\d-/);
    const calls = byCalls.statements.map((one) => one.calls);
    expect(calls).toEqual(calls.toSorted((a, b) => b - a));
    expect(byCalls.statements.find(({ text }) => text?.startsWith('CREATE ROLE other'))?.text).toBe(
      `CREATE ROLE other PASSWORD '***'`,
    );
    expect(byCalls.statements.every(({ user }) => user !== 'pgmon')).toBe(true);
    const shares = byCalls.statements.reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1, 3);

    const byMean = await queries(newest, '--by', 'mean', '--limit', '3');
    expect(byMean).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') as string });
    expect(byMean.stdout.split('\n')[1]).toContain('SELECT /* ?[2J */ pg_sleep($1)');
    expect(byMean.stdout).not.toContain('\u001b');
    for (const line of byMean.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);

    const long = byCalls.statements.find(({ isTextCut }) => isTextCut);
    expect(long?.text).toHaveLength(2000);
    const one = await queries(newest, long?.queryid ?? '');
    expect(one.stdout).toContain('postgres in app:');
    expect(one.stdout).toContain(`AS ${MARK}_1499\n`);
  });

  it('says that nobody knows a queryid', async () => {
    const outcome = await queries(newest, '12345');
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toContain('orders knows no statement with the queryid 12345');
  });

  it('says what is missing: the library, the extension, the right to see', async () => {
    expect((await queries(bare)).stderr).toContain('pg_stat_statements is not loaded on orders');
    const absent = await queries(old);
    expect(absent).toMatchObject({ code: 4, stdout: '' });
    expect(absent.stderr).toContain('not created in the database app of orders');
    expect(absent.stderr).toContain('pgmon role apply --server orders');

    await old.sql('CREATE EXTENSION pg_stat_statements', { database: 'app' });
    await old.sql(`SELECT 1 AS ${MARK}`, { database: 'app' });
    const blind = await queries(old);
    expect(blind).toMatchObject({ code: 4, stdout: '' });
    expect(blind.stderr).toContain('may not see the statements of others on orders');

    await old.sql('GRANT pg_monitor TO pgmon');
    const seen = found(await queries(old, '--json', '--by', 'io', '--limit', '1000'));
    expect(seen.statements.map(({ text }) => text)).toContain(`SELECT $1 AS ${MARK}`);
  });
});

it.skipIf(daemonMissing !== null)(
  `pgmon queries asks the bundled server inside its container${daemonMissing ?? ''}`,
  async () => {
    const stack = await createTestStack('queries-bundled');
    await stack.writeSpec(
      fullSpec(stack)
        .replace(/^(sqlExporter|alertmanager|nodeExporter): .*$/gm, '$1: {enabled: false}')
        .replace(`, port: ${stack.ports.postgres}`, ''),
    );
    expect(await stack.pgmon(['queries', 'demo'])).toMatchObject({ code: 4, stdout: '' });
    expect(await stack.pgmon(['up'])).toMatchObject({ code: 0 });
    const outcome = await stack.pgmon(['queries', 'demo', '--json', '--by', 'calls']);
    expect(outcome.stderr).not.toContain('error');
    expect(found(outcome).statements[0]).toMatchObject({
      user: 'postgres',
      text: expect.any(String) as string,
    });
    const { id } = await stack.container('postgres');
    await stack.provider.stop(id, new AbortController().signal);
    const stopped = await stack.pgmon(['queries', 'demo']);
    expect(stopped).toMatchObject({ code: 4, stdout: '' });
    expect(stopped.stderr).toContain('the postgres container does not run');
    expect(stopped.stderr).toContain('pgmon up');
  },
  300_000,
);
