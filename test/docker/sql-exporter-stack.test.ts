/** The SQL exporter as a service of a stack: on its image, hardened, scraped by Prometheus, made anew when its queries change. */
import { describe, expect, it } from 'vitest';
import { daemonMissing } from '../support/daemon.ts';
import { sampleValue } from '../support/sql-exporter.ts';
import { createTestStack, fullSpec, type TestStack, touched } from '../support/test-stack.ts';
import { runTool } from '../support/tools.ts';

const METRIC = `customMetrics:
  - name: answer
    help: The answer.
    query: SELECT 'x' AS kind, 42 AS n
    value: n
    labels: [kind]
`;

async function scraped(stack: TestStack): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${stack.ports.sql}/probe?server=demo`);
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return body;
}

async function prometheusValue(stack: TestStack, query: string): Promise<string | undefined> {
  const url = `http://127.0.0.1:${stack.ports.prometheus}/api/v1/query?${new URLSearchParams({ query })}`;
  const answer = (await (await fetch(url)).json()) as {
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
  return answer.data.result[0]?.value[1];
}

describe.skipIf(daemonMissing !== null)(`the SQL exporter's service${daemonMissing ?? ''}`, () => {
  it('runs hardened, is scraped, follows the spec and ends at once', async () => {
    const stack = await createTestStack('sqlsvc');
    // Time enough for every scrape, as a slow one would be told in the log.
    const spec = fullSpec(stack).replace('slowInterval: 4s', 'slowInterval: 10s');
    await stack.writeSpec(spec);
    const up = await stack.pgmon(['up']);
    expect(up.code, up.stderr).toBe(0);
    const first = await scraped(stack);
    expect(sampleValue(first, 'pgmon_tables', { datname: 'app' })).toBe(0);
    await expect
      .poll(() => prometheusValue(stack, 'up{job="postgresql-sql"}'), { timeout: 60_000 })
      .toBe('1');
    await expect
      .poll(() => prometheusValue(stack, 'pgmon_server_version_num{instance="demo"}'), { timeout: 60_000 })
      .toMatch(/^18\d{4}$/);

    const before = await stack.world();
    await stack.writeSpec(spec + METRIC);
    const again = await stack.pgmon(['up']);
    expect(again.code, again.stderr).toBe(0);
    expect(touched(before, await stack.world())).toEqual(['sql-exporter']);
    expect(sampleValue(await scraped(stack), 'answer', { kind: 'x' })).toBe(42);

    const { id } = await stack.container('sql-exporter');
    const { output } = await runTool('docker', ['inspect', id]);
    const [inspected] = JSON.parse(output) as readonly [
      {
        readonly Config: { readonly User: string };
        readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly Memory: number };
      },
    ];
    expect(inspected.Config.User).toBe('node');
    expect(inspected.HostConfig).toMatchObject({ ReadonlyRootfs: true, Memory: 192 * 1024 ** 2 });
    const logs = await runTool('docker', ['logs', id]);
    expect(logs.output.trim()).toMatch(/^level=info [^\n]*msg="serving"$/);
    const startedMs = Date.now();
    await runTool('docker', ['stop', id]);
    expect(Date.now() - startedMs).toBeLessThan(8000);
    const state = await runTool('docker', ['inspect', '--format', '{{.State.ExitCode}}', id]);
    expect(state.output.trim()).toBe('0');
  });
});
