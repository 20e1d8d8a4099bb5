/** `pgmon check --panels`: what it says before it asks anything. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTestDir } from '../support/fake-host.ts';
import { runCli } from '../support/run-cli.ts';

const SPEC = `apiVersion: pgmon/v1
name: checked
servers:
  - {name: orders, host: db1.example.com, password: {env: ORDERS}}
`;

async function check(...words: readonly string[]) {
  const cwd = await createTestDir();
  await writeFile(path.join(cwd, 'pgmon.yaml'), SPEC);
  return runCli(['check', ...words], { cwd, env: { ORDERS: 'first-secret' } });
}

it('refuses --server without --panels, as the other hops look at every server', async () => {
  const outcome = await check('--server', 'orders');
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toContain('--server picks servers for --panels only');
  expect(outcome.stderr).toContain('add --panels');
});

it('names the servers there are when one is unknown', async () => {
  const outcome = await check('--panels', '--server', 'order');
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toContain('the spec has no server "order"');
  expect(outcome.stderr).toContain('orders');
});
