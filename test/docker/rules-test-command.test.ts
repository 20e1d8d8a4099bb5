// `pgmon rules test` inside the Prometheus container of a running stack, where there is no other promtool.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { EVERY_ALERT } from '../../src/catalog/alerts/every-alert.ts';
import type { Exec } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { daemonMissing } from '../support/daemon.ts';
import { createTestStack, smallSpec } from '../support/test-stack.ts';

interface Tested {
  readonly promtool: string;
  readonly alerts: readonly string[];
  readonly failedAlerts: readonly string[];
  readonly notTested: readonly string[];
  readonly files: readonly { readonly file: string; readonly isOk: boolean; readonly output: string }[];
}

/** This machine may have a promtool; the stack's is meant. */
function withoutLocalPromtool(): Exec {
  const { exec } = createNodeHost({ signal: new AbortController().signal });
  const absent = { exitCode: null, stdout: '', stderr: '', errorCode: 'ENOENT' };
  return async (file, args, options) => (file === 'promtool' ? absent : exec(file, args, options));
}

describe.skipIf(daemonMissing !== null)(`pgmon rules test${daemonMissing ?? ''}`, () => {
  const host = { exec: withoutLocalPromtool() };

  it("proves the rules with the stack's own promtool and leaves nothing behind", {
    timeout: 900_000,
  }, async () => {
    const stack = await createTestStack('rules');
    await stack.writeSpec(smallSpec(stack));
    const absent = await stack.pgmon(['rules', 'test'], { host });
    expect(absent.code).toBe(4);
    expect(absent.stderr).toContain(`there is no promtool on PATH, and stack ${stack.name} is not up`);
    const up = await stack.pgmon(['up']);
    expect(up.code, up.stderr).toBe(0);

    const { code, stdout, stderr } = await stack.pgmon(['rules', 'test', '--json'], { host });
    const tested = JSON.parse(stdout) as Tested;
    expect(tested.files.filter(({ isOk }) => !isOk)).toEqual([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(tested.promtool).toBe(`promtool in container ${stack.name}-prometheus-1`);
    expect(tested.failedAlerts).toEqual([]);
    const names = EVERY_ALERT.map(({ alert }) => alert.name);
    expect([...tested.alerts, ...tested.notTested].toSorted()).toEqual(names.toSorted());
    const { id } = await stack.container('prometheus');
    expect(execFileSync('docker', ['exec', id, 'ls', '-A', '/dev/shm'], { encoding: 'utf8' })).toBe('');
  });
});
