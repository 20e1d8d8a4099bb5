// `pgmon alert test` against a real Alertmanager: a receiver that takes the message, one that refuses, one that is not there.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import { resolveStack } from '../../src/spec/resolve-stack.ts';
import { EMPTY_LOCK } from '../../src/stack/lock.ts';
import { daemonMissing } from '../support/daemon.ts';
import { startHttpSink } from '../support/http-sink.ts';
import { startAlertmanager } from '../support/running-alertmanager.ts';
import { freePorts } from '../support/running-stack.ts';
import { createTestStack } from '../support/test-stack.ts';

async function startRefuser(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(403).end('no');
  });
  await new Promise<void>((resolve) => void server.listen(0, '0.0.0.0', resolve));
  onTestFinished(() => void server.close());
  return `http://host.docker.internal:${(server.address() as AddressInfo).port}`;
}

it.skipIf(daemonMissing !== null)(
  `alert test tells who took the message and who did not, past routes and mute times${daemonMissing ?? ''}`,
  async () => {
    const sink = await startHttpSink();
    onTestFinished(sink.close);
    const stack = await createTestStack('alert-test');
    const [closed = 0] = await freePorts(1);
    const port = stack.ports.alertmanager;
    await stack.writeSpec(`servers: [{name: a, host: 192.0.2.1, password: {generate: true}}]
alertmanager: {port: ${port}}
alerting:
  receivers:
    - {name: good, webhook: {url: "${sink.url}/good"}}
    - {name: refusing, webhook: {url: "${await startRefuser()}/x"}}
    - {name: absent, webhook: {url: "http://host.docker.internal:${closed}/x"}}
  defaultReceiver: absent
  routes: [{receiver: refusing, mute: [always]}]
  muteTimes: [{name: always}]
`);
    const before = await stack.pgmon(['alert', 'test']);
    expect(before.code).toBe(4);
    expect(before.stderr).toContain('cannot reach Alertmanager');

    const parsed = parseSpec(await readFile(stack.specFile, 'utf8'), 'pgmon.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const resolved = resolveStack(parsed.document, { specDir: stack.dir, lock: EMPTY_LOCK, without: [] });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
    const alertmanager = await startAlertmanager(resolved.stack, { port });
    onTestFinished(alertmanager.remove);

    const good = await stack.pgmon(['alert', 'test', '--receiver', 'good']);
    expect(good).toMatchObject({ code: 0, stdout: 'good: took the message\n' });
    expect(sink.to('/good').map(({ body }) => JSON.parse(body))).toMatchObject([
      { status: 'firing', alerts: [{ labels: { alertname: 'PgmonDeliveryTest', severity: 'info' } }] },
    ]);

    const all = await stack.pgmon(['alert', 'test', '--json']);
    expect(all.code).toBe(6);
    expect(JSON.parse(all.stdout).receivers).toEqual([
      { name: 'good', outcome: 'taken', reason: null },
      { name: 'refusing', outcome: 'failed', reason: 'clientError' },
      { name: 'absent', outcome: 'failed', reason: expect.any(String) as string },
    ]);
    expect(sink.to('/good')).toHaveLength(2);

    const typo = await stack.pgmon(['alert', 'test', '--receiver', 'goood']);
    expect(typo).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "good"?') as string,
    });
  },
);
