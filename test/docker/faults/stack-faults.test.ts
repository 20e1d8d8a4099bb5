/** The stack itself really broken: what must arrive arrives, and the dead man's switch falls silent when nothing can. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageLines } from '../../support/check-spec.ts';
import { daemonMissing } from '../../support/daemon.ts';
import { QUIET_MS, untilQuiet } from '../../support/faults/quiet.ts';
import { mountSmallDisk, STACK_FAULTS } from '../../support/faults/stack-faults.ts';
import { testName } from '../../support/run-container.ts';
import { freePorts, type RunningStack, startStack } from '../../support/running-stack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

const MINUTES = 60_000;
const INTERVAL_SECONDS = 3;
const sleep = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms));

async function makeSpec(
  name: string,
  urls: { readonly hook: string; readonly deadMan: string },
): Promise<string> {
  const [prometheus, exporter, sql, alertmanager, node] = await freePorts(5);
  const thresholds = STACK_FAULTS.map(({ alert }) => `    ${alert}: {for: 1s, keepFiringFor: 1s}\n`).join('');
  return `apiVersion: pgmon/v1
name: ${name}
environment: test
images:
${imageLines.join('')}scrape: {interval: 1s, timeout: 1s, slowInterval: 2s, evaluationInterval: 1s}
servers:
  - {name: demo, bundled: {database: app, disposable: true}}
alerting:
  defaultReceiver: hook
  receivers:
    - {name: hook, webhook: {url: "${urls.hook}"}}
    - {name: dead-man, webhook: {url: "${urls.deadMan}"}}
  deadManSwitch: {receiver: dead-man, interval: ${INTERVAL_SECONDS}s}
  grouping: {by: [alertname, instance, mountpoint], wait: 1s, interval: 1s}
  thresholds:
${thresholds}
prometheus: {port: ${prometheus}}
postgresExporter: {port: ${exporter}}
sqlExporter: {port: ${sql}}
alertmanager: {port: ${alertmanager}}
nodeExporter: {port: ${node}}
grafana: {enabled: false}
`;
}

describe.skipIf(daemonMissing !== null)(`faults of the stack${daemonMissing ?? ''}`, () => {
  const disk = { directory: '', unmount: (): void => undefined };
  let stack: RunningStack;
  let hook: WebhookReceiver;
  let deadMan: WebhookReceiver;

  beforeAll(async () => {
    // Before node_exporter starts: it sees the mounts that are there then.
    Object.assign(disk, mountSmallDisk(testName('disk')));
    hook = await startWebhookReceiver();
    deadMan = await startWebhookReceiver();
    stack = await startStack('stack-faults', (name) =>
      makeSpec(name, { hook: hook.url, deadMan: deadMan.url }),
    );
  }, 5 * MINUTES);
  afterAll(async () => {
    await stack?.remove();
    await Promise.all([hook?.close(), deadMan?.close()]);
    disk.unmount();
  }, 5 * MINUTES);

  it.each(STACK_FAULTS.map((fault) => [fault.alert, fault.what, fault] as const))(
    '%s arrives when %s, and is resolved after the repair',
    async (alertname, _what, fault) => {
      const world = { stack, smallDisk: disk.directory };
      const alert = { alertname, labels: fault.labels(world) };
      await untilQuiet(stack, hook, alert);
      const sinceMs = Date.now();
      const repair = fault.provoke(world);
      const firing = await hook.waitFor({ ...alert, sinceMs, status: 'firing' }, 4 * MINUTES).finally(repair);
      const over = { ...alert, sinceMs: firing.receivedMs, status: 'resolved' } as const;
      await hook.waitFor(over, 8 * MINUTES);
      const others = hook.alerts().filter(({ receivedMs }) => receivedMs >= sinceMs);
      const names = others.map(({ labels }) => labels.alertname ?? '');
      expect(names.filter((name) => fault.notAlso.includes(name))).toEqual([]);
    },
    QUIET_MS + 13 * MINUTES,
  );

  it(
    "keeps telling the dead man's switch, which hears nothing once Alertmanager is down",
    async () => {
      const count = () => deadMan.alerts().filter(({ labels }) => labels.alertname === 'Watchdog').length;
      await expect.poll(count, { timeout: MINUTES, interval: 200 }).toBeGreaterThan(1);
      execFileSync('docker', ['stop', '-t', '5', `${stack.name}-alertmanager-1`], { stdio: 'ignore' });
      // What it had sent before it stopped is on its way still.
      await sleep(1000);
      const last = count();
      await sleep(4 * INTERVAL_SECONDS * 1000);
      expect(count()).toBe(last);
      execFileSync('docker', ['start', `${stack.name}-alertmanager-1`], { stdio: 'ignore' });
      await expect.poll(count, { timeout: 2 * MINUTES, interval: 200 }).toBeGreaterThan(last);
      expect(hook.alerts().map(({ labels }) => labels.alertname)).not.toContain('Watchdog');
    },
    5 * MINUTES,
  );
});
