/** `pgmon queries`: what it says before it reaches any server, and when it reaches none. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestDir } from '../support/fake-host.ts';
import { type CliOutcome, runCli } from '../support/run-cli.ts';
import { freePorts } from '../support/running-stack.ts';

const env = { ORDERS: 'first-secret' };

async function queries(words: readonly string[], port = 5432): Promise<CliOutcome> {
  const cwd = await createTestDir();
  await writeFile(
    path.join(cwd, 'pgmon.yaml'),
    `apiVersion: pgmon/v1
name: texts
servers:
  - {name: orders, host: 127.0.0.1, port: ${port}, tls: {mode: disable}, password: {env: ORDERS}}
  - {name: billing, host: db2.example.com, password: {env: BILLING}}
`,
  );
  return runCli(['queries', ...words], { cwd, env });
}

describe('pgmon queries', () => {
  it('asks for a server', async () => {
    expect(await queries([])).toMatchObject({ code: 2, stdout: '' });
    expect((await queries([])).stderr).toContain("missing required argument 'server'");
  });

  it('suggests the server that was meant', async () => {
    const outcome = await queries(['ordres']);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('the spec has no server "ordres"; did you mean "orders"?');
    expect((await queries(['zzz'])).stderr).toContain('name one of orders, billing');
  });

  it.each(['abc', '1.5', '-', '9223372036854775808', '-9223372036854775809'])(
    'refuses the queryid %s',
    async (word) => {
      const outcome = await queries(['orders', '--', word]);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain(`"${word}" is no queryid`);
    },
  );

  it.each([
    ['--by', 'size', 'Use one of time, calls, mean, rows, io.'],
    ['--limit', '0', 'Use a whole number from 1 to 1000.'],
    ['--limit', '1001', 'Use a whole number from 1 to 1000.'],
  ])('refuses %s %s', async (flag, value, said) => {
    const outcome = await queries(['orders', flag, value]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(said);
  });

  it('says that the server cannot be reached from here, also for a negative queryid', async () => {
    const [port = 0] = await freePorts(1);
    const outcome = await queries(['orders', '-7234982374982374123'], port);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toContain(`cannot ask orders (127.0.0.1:${port}) from here: connection refused`);
    expect(outcome.stderr).not.toContain('first-secret');
  });

  it('names the secret of the server that was asked for, not those of others', async () => {
    const outcome = await queries(['billing']);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('BILLING is not set');
  });
});
