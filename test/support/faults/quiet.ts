/** Waits until an alert is over: Alertmanager tells nothing new of one that fires already, as it may in the rush of a start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { queryInstant } from '../../../src/panels/query-prometheus.ts';
import type { RunningStack } from '../running-stack.ts';
import type { ReceivedAlert, WebhookReceiver } from '../webhook-receiver.ts';

/** How long `untilQuiet` waits at most. */
export const QUIET_MS = 6 * 60_000;

interface Alert {
  readonly alertname: string;
  /** A subset of the alert's labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/** True while the end of an alert that the webhook was told of is still to come. */
function isOpenAt(webhook: WebhookReceiver, matchers: readonly (readonly [string, string])[]): boolean {
  const last = new Map<string, ReceivedAlert['status']>();
  for (const { labels, status } of webhook.alerts()) {
    if (matchers.every(([name, value]) => labels[name] === value)) last.set(JSON.stringify(labels), status);
  }
  return [...last.values()].includes('firing');
}

/** Resolves when no such alert is pending or firing, and the webhook has heard of the end of each. */
export async function untilQuiet(
  { host, rendered, secrets }: RunningStack,
  webhook: WebhookReceiver,
  { alertname, labels }: Alert,
): Promise<void> {
  const endMs = Date.now() + QUIET_MS;
  const { signal } = new AbortController();
  const matchers = Object.entries({ ...labels, alertname });
  const query = `ALERTS{${matchers.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join()}}`;
  for (;;) {
    const active = await queryInstant({ host, rendered, secrets, signal }, query, Date.now() / 1000);
    if (active.length === 0 && !isOpenAt(webhook, matchers)) return;
    if (Date.now() > endMs) throw new Error(`${query} did not end before its fault began`);
    await sleep(500);
  }
}
