/** `pgmon role`: what it says before it reaches any server. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestDir } from '../support/fake-host.ts';
import { type CliOutcome, runCli } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: roles
servers:
  - {name: orders, host: db1.example.com, password: {env: ORDERS}, admin: {user: boss, password: {env: BOSS}}}
  - {name: billing, host: db2.example.com, user: watcher, password: {env: BILLING}}
  - {name: demo, bundled: {}}
`;
const env = { ORDERS: 'first-secret', BILLING: 'second-secret', BOSS: 'third-secret' };

async function role(...words: readonly string[]): Promise<CliOutcome> {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
  return runCli(['role', ...words], { cwd, env });
}

describe('pgmon role', () => {
  it('prints the SQL of every server that pgmon does not run, without a secret', async () => {
    const { code, stdout } = await role('print');
    expect(code).toBe(0);
    expect(stdout).toContain('GRANT pg_monitor TO "pgmon";');
    expect(stdout).toContain('GRANT pg_monitor TO "watcher";');
    for (const secret of Object.values(env)) expect(stdout).not.toContain(secret);
  });

  it('prints the SQL of the named server alone, also of a bundled one', async () => {
    const { stdout } = await role('print', '--server', 'billing');
    expect(stdout).toContain('"watcher"');
    expect(stdout).not.toContain('"pgmon"');
    expect((await role('print', '--server', 'demo')).stdout).toContain('GRANT pg_monitor TO "pgmon";');
    expect(JSON.parse((await role('print', '--server', 'billing', '--json')).stdout)).toMatchObject({
      servers: [{ server: 'billing', user: 'watcher' }],
    });
  });

  it.each(['print', 'verify', 'apply', 'remove'])(
    '%s names the servers there are when one is unknown',
    async (word) => {
      const outcome = await role(word, '--server', 'order');
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain('the spec has no server "order"; did you mean "orders"?');
      expect(outcome.stderr).toContain('orders, billing, demo');
    },
  );

  it.each(['apply', 'remove'])('%s asks for an admin login where the spec has none', async (word) => {
    const outcome = await role(word, '--server', 'billing', '--yes');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('no admin login for server billing');
    expect(outcome.stderr).toContain('--admin-password-file');
  });

  it('refuses two sources of the admin password', async () => {
    const flags = ['--admin-user', 'x', '--admin-password-env', 'BOSS', '--admin-password-file', 'y'];
    const outcome = await role('apply', '--server', 'billing', '--yes', ...flags);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('do not go together');
  });

  it('has no flag that takes a password itself', async () => {
    const { stdout } = await role('apply', '--help');
    expect(stdout).not.toMatch(/--(admin-)?password[ ,=]/);
  });

  it('reads the admin password for no other command', async () => {
    const cwd = await createTestDir();
    await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
    const outcome = await runCli(['render'], { cwd, env: { ORDERS: 'a', BILLING: 'b' } });
    expect(outcome.code).toBe(0);
    expect(
      (await runCli(['role', 'apply', '--server', 'orders', '--yes'], { cwd, env: { ORDERS: 'a' } })).stderr,
    ).toContain('servers.orders.admin.password: the environment variable BOSS is not set');
  });
});
