/** Ten real servers, a stack that watches them with shortened durations, and a webhook that its alerts must reach. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryInstant } from '../../../src/panels/query-prometheus.ts';
import { imageLines } from '../check-spec.ts';
import { createFleet, type PostgresFleet, type PostgresServer, type Settings } from '../postgres-versions.ts';
import { freePorts, type RunningStack, startStack } from '../running-stack.ts';
import { bridgeAddress, startWebhookReceiver, type WebhookReceiver } from '../webhook-receiver.ts';
import {
  FAULT_SERVERS,
  type Fault,
  type FaultServerName,
  type FaultServers,
  MONITOR_PASSWORD,
} from './fault.ts';

const SAMPLES_MS = 180_000;

/** What makes each server easy to break. */
const SETTINGS: Partial<Readonly<Record<FaultServerName, Settings>>> = {
  full: { max_connections: 20 },
  traffic: { deadlock_timeout: '100ms' },
  // Room for the catalogues that the exporters read, none for the table.
  cold: { shared_buffers: '16MB' },
  wal: { archive_mode: 'on', checkpoint_timeout: '30s' },
  vacuum: { autovacuum_freeze_max_age: '100000', autovacuum: 'off' },
};

export interface FaultWorld {
  readonly servers: FaultServers;
  readonly stack: RunningStack;
  readonly webhook: WebhookReceiver;
  readonly remove: () => Promise<void>;
}

/** Every alert of the faults fires a second after its condition holds. */
function thresholdLines(faults: readonly Fault[]): string {
  const byAlert = new Map(faults.map((fault) => [fault.alert, fault.value]));
  return [...byAlert]
    .map(
      ([alert, value]) =>
        `    ${alert}: {for: 1s, keepFiringFor: 1s${value === undefined ? '' : `, value: ${value}`}}\n`,
    )
    .join('');
}

interface Places {
  readonly name: string;
  /** Of the stack's services. */
  readonly own: readonly number[];
  /** Of the servers, in the order of FAULT_SERVERS. */
  readonly outside: readonly number[];
  readonly bridge: string;
  readonly url: string;
}

function specOf({ name, own, outside, bridge, url }: Places, faults: readonly Fault[]): string {
  const [prometheus, exporter, sql, alertmanager, node] = own;
  const servers = FAULT_SERVERS.map(
    (server, i) =>
      `  - {name: ${server}, host: ${bridge}, port: ${outside[i]}, tls: {mode: disable}, password: {file: password}}\n`,
  );
  return `apiVersion: pgmon/v1
name: ${name}
environment: test
images:
${imageLines.join('')}scrape: {interval: 1s, timeout: 1s, slowInterval: 2s, evaluationInterval: 1s}
servers:
${servers.join('')}
alerting:
  defaultReceiver: hook
  receivers: [{name: hook, webhook: {url: "${url}"}}]
  grouping: {by: [alertname, instance], wait: 1s, interval: 1s}
  thresholds:
${thresholdLines(faults)}
prometheus: {port: ${prometheus}}
postgresExporter: {port: ${exporter}}
sqlExporter: {port: ${sql}}
alertmanager: {port: ${alertmanager}}
nodeExporter: {port: ${node}}
grafana: {enabled: false}
`;
}

/** The monitoring role as the rendered SQL makes it: pg_monitor and nothing more. */
async function addMonitor(server: PostgresServer): Promise<void> {
  await server.sql(`CREATE ROLE pgmon LOGIN PASSWORD '${MONITOR_PASSWORD}'`);
  await server.sql('GRANT pg_monitor TO pgmon');
  await server.sql('CREATE EXTENSION pg_stat_statements');
}

async function startServers(
  fleet: PostgresFleet,
  bridge: string,
  ports: readonly number[],
): Promise<FaultServers> {
  const start = (name: FaultServerName, primary?: PostgresServer) =>
    fleet.startServer(18, {
      name,
      settings: { shared_preload_libraries: 'pg_stat_statements', ...SETTINGS[name] },
      dockerArgs: ['--publish', `${bridge}:${ports[FAULT_SERVERS.indexOf(name)]}:5432`],
      ...(primary !== undefined && { replicaOf: primary, slot: 'replica' }),
    });
  const alone = FAULT_SERVERS.filter((name) => name !== 'replica');
  const started = await Promise.all(
    alone.map(async (name) => {
      const server = await start(name);
      await addMonitor(server);
      return [name, server] as const;
    }),
  );
  const servers = new Map<FaultServerName, PostgresServer>(started);
  servers.set('replica', await start('replica', servers.get('primary')));
  return Object.fromEntries(servers) as FaultServers;
}

/** Increases count from a first sample on: of a fault that came before it, a part would be missed. */
async function waitForSamples({ host, rendered, secrets }: RunningStack): Promise<void> {
  const signal = AbortSignal.timeout(SAMPLES_MS);
  const query = 'count(count by (instance) (pg_stat_database_deadlocks))';
  for (;;) {
    const [series] = await queryInstant({ host, rendered, secrets, signal }, query, Date.now() / 1000);
    const count = series?.points[0]?.value ?? 0;
    if (count === FAULT_SERVERS.length) return;
    if (signal.aborted)
      throw new Error(`samples of ${count} of ${FAULT_SERVERS.length} servers came in time`);
    await sleep(500);
  }
}

export async function startFaultWorld(faults: readonly Fault[]): Promise<FaultWorld> {
  const bridge = bridgeAddress();
  const fleet = await createFleet('faults');
  const webhook = await startWebhookReceiver();
  const removeOutside = async () => {
    await fleet.remove();
    await webhook.close();
  };
  try {
    const ports = await freePorts(FAULT_SERVERS.length + 5);
    const own = ports.slice(0, 5);
    const outside = ports.slice(5);
    const servers = await startServers(fleet, bridge, outside);
    const stack = await startStack('faults', async (name, dir) => {
      writeFileSync(path.join(dir, 'password'), MONITOR_PASSWORD);
      return specOf({ name, own, outside, bridge, url: webhook.url }, faults);
    });
    const remove = async () => {
      await stack.remove();
      await removeOutside();
    };
    await waitForSamples(stack).catch(async (error: unknown) => {
      await stack.remove();
      throw error;
    });
    return { servers, stack, webhook, remove };
  } catch (error) {
    await removeOutside();
    throw error;
  }
}
