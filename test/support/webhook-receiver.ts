/** A real HTTP endpoint for Alertmanager's webhook: remembers every notification and waits for the one that a test expects. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly receivedMs: number;
}

export interface WebhookReceiver {
  /** As a container reaches it. */
  readonly url: string;
  readonly alerts: () => readonly ReceivedAlert[];
  /** The first alert from now on, or from `sinceMs`, that fits; rejects with what came instead. */
  readonly waitFor: (expected: Expected, timeoutMs: number) => Promise<ReceivedAlert>;
  readonly close: () => Promise<void>;
}

export interface Expected {
  readonly alertname: string;
  readonly status: 'firing' | 'resolved';
  /** A subset of the alert's labels. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly sinceMs?: number;
}

interface Message {
  readonly alerts: readonly Omit<ReceivedAlert, 'receivedMs'>[];
}

/** The daemon's default bridge on this machine: containers of every network reach it. */
export function bridgeAddress(): string {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const shown = execFileSync('docker', ['network', 'inspect', 'bridge', '--format', format])
    .toString()
    .trim();
  if (shown === '') throw new Error("the daemon's default bridge has no gateway address");
  return shown;
}

function fits(alert: ReceivedAlert, { alertname, status, labels = {}, sinceMs = 0 }: Expected): boolean {
  return (
    alert.labels.alertname === alertname &&
    alert.status === status &&
    alert.receivedMs >= sinceMs &&
    Object.entries(labels).every(([name, value]) => alert.labels[name] === value)
  );
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const alerts: ReceivedAlert[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(parts).toString('utf8')) as Message;
      alerts.push(...message.alerts.map((alert) => ({ ...alert, receivedMs: Date.now() })));
      response.end();
    });
  });
  const address = bridgeAddress();
  await new Promise<void>((resolve) => void server.listen(0, address, resolve));
  const summary = (name: string) =>
    [
      ...new Set(alerts.filter(({ labels }) => labels.alertname === name).map((one) => JSON.stringify(one))),
    ].join('\n') ||
    `none of that name; others: ${[...new Set(alerts.map(({ labels }) => labels.alertname))].join(', ')}`;
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}/`,
    alerts: () => alerts,
    waitFor: async (expected, timeoutMs) => {
      const endMs = Date.now() + timeoutMs;
      for (;;) {
        const found = alerts.find((alert) => fits(alert, expected));
        if (found !== undefined) return found;
        if (Date.now() > endMs) {
          throw new Error(`${JSON.stringify(expected)} did not arrive; came: ${summary(expected.alertname)}`);
        }
        await new Promise((resolve) => void setTimeout(resolve, 100));
      }
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
