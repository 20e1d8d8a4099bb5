/** `pgmon logs` on the real daemon. */
import { describe, expect, test } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { createTestStack, smallSpec } from '../support/test-stack.ts';

describe.skipIf(daemonMissing !== null)(`pgmon logs${daemonMissing ?? ''}`, () => {
  test('prints every service, or the named ones, with its name in front', async () => {
    const stack = await createTestStack('logs');
    await stack.writeSpec(smallSpec(stack));
    const up = await stack.pgmon(['up']);
    expect(up.code, up.stderr).toBe(0);

    // The daemon takes a moment to keep what a service says.
    const prefixes = async () => {
      const all = await stack.pgmon(['logs']);
      expect(all.code, all.stderr).toBe(0);
      const lines = all.stdout.trimEnd().split('\n');
      return new Set(lines.map((line) => line.split('|')[0]));
    };
    await expect
      .poll(prefixes, { timeout: 30_000 })
      .toEqual(new Set(['prometheus             ', 'postgres-exporter      ', 'postgres-exporter-slow ']));

    const last = await stack.pgmon(['logs', 'prometheus', '--tail', '1', '--timestamps']);
    expect(last.stdout).toMatch(/^prometheus \| \d{4}-\d\d-\d\dT\S+Z .+\n$/);

    // One line was enough so far.
    const json = async () =>
      JSON.parse((await stack.pgmon(['logs', 'prometheus', '--tail', '2', '--json'])).stdout);
    await expect.poll(json, { timeout: 30_000 }).toMatchObject({
      command: 'logs',
      ok: true,
      stack: stack.name,
      lines: [{ service: 'prometheus' }, { service: 'prometheus' }],
    });

    const future = await stack.pgmon(['logs', '--since', '2099-01-01']);
    expect(future).toMatchObject({ code: 0, stdout: '' });

    const unknown = await stack.pgmon(['logs', 'prometeus']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(
      /no such service: prometeus[\s\S]*postgres-exporter, postgres-exporter-slow, prometheus/,
    );

    const controller = new AbortController();
    const followed: string[] = [];
    const write = (text: string) => {
      followed.push(text);
      if (followed.join('').includes('prometheus             | ')) controller.abort();
    };
    const { code } = await stack.pgmon(['logs', '--follow'], {
      signal: controller.signal,
      host: { stdout: { isTTY: false, columns: 200, write } },
    });
    expect(code).toBe(0);
    expect(followed.join('')).toContain('prometheus             | ');
  });

  test('of a stack that is not up: exit code 4 and the command that starts it', async () => {
    const stack = await createTestStack('logs-down');
    await stack.writeSpec(smallSpec(stack));
    const outcome = await stack.pgmon(['logs']);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toContain(`pgmon up -f ${stack.specFile}`);
  });

  test('--follow and --json exclude each other', async () => {
    const stack = await createTestStack('logs-flags');
    expect(await stack.pgmon(['logs', '--follow', '--json'])).toMatchObject({ code: 2 });
  });
});
