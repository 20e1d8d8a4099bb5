/** A stack for tests of `up`, `down` and `diff`: a spec in a directory of its own, pgmon run on it, the real daemon asked. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { COMPONENT_KEYS } from '../../src/catalog/components.ts';
import { run } from '../../src/cli.ts';
import type { ServiceName } from '../../src/conventions.ts';
import type { Host } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';
import type { ObservedContainer, ObservedWorld, Provider } from '../../src/providers/provider.ts';
import { testLock } from './images.ts';
import type { CliOutcome } from './run-cli.ts';
import { freePorts } from './running-stack.ts';

const NEVER = new AbortController().signal;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Takes precedence over everything else of the host. */
  readonly host?: Partial<Host>;
}

export interface TestStack {
  readonly name: string;
  /** The spec's directory. */
  readonly dir: string;
  readonly outDir: string;
  readonly specFile: string;
  readonly ports: Readonly<
    Record<'prometheus' | 'exporter' | 'sql' | 'alertmanager' | 'node' | 'postgres', number>
  >;
  readonly provider: Provider;
  readonly host: Host;
  /** Writes the spec; `parts` are appended to the fixed head (name, images, no Grafana). */
  writeSpec(parts: string): Promise<void>;
  /** Runs a command line in this process with `-f` set to the spec. */
  pgmon(words: readonly string[], options?: RunOptions): Promise<CliOutcome>;
  world(): Promise<ObservedWorld>;
  container(service: ServiceName): Promise<ObservedContainer>;
}

/** Everything but Grafana; small and quick. */
export function fullSpec({ ports }: Pick<TestStack, 'ports'>): string {
  return `scrape: {interval: 2s, timeout: 2s, slowInterval: 4s}
servers:
  - name: demo
    bundled: {database: app, port: ${ports.postgres}, disposable: true}
prometheus: {port: ${ports.prometheus}}
postgresExporter: {port: ${ports.exporter}}
sqlExporter: {port: ${ports.sql}}
alertmanager: {port: ${ports.alertmanager}}
nodeExporter: {port: ${ports.node}}
`;
}

/** The least that makes a stack: Prometheus and the exporter, for a server that is elsewhere. */
export function smallSpec({ ports }: Pick<TestStack, 'ports'>, password = '{generate: true}'): string {
  return `servers: [{name: away, host: 192.0.2.1, password: ${password}}]
prometheus: {port: ${ports.prometheus}}
postgresExporter: {port: ${ports.exporter}}
sqlExporter: {enabled: false}
alertmanager: {enabled: false}
nodeExporter: {enabled: false}
`;
}

async function removeAll(provider: Provider, name: string, outDir: string): Promise<void> {
  const request = { stackName: name, outDir, services: [], networks: [], volumes: [] };
  const world = await provider.observe(request, NEVER);
  await Promise.all(world.containers.map(({ id }) => provider.remove({ kind: 'container', id }, NEVER)));
  await Promise.all(world.networks.map((one) => provider.remove({ kind: 'network', id: one.name }, NEVER)));
  await Promise.all(world.volumes.map((one) => provider.remove({ kind: 'volume', id: one.name }, NEVER)));
}

function recorder() {
  const parts: string[] = [];
  const stream = { isTTY: false, columns: 200, write: (text: string) => void parts.push(text) };
  return { stream, text: () => parts.join('') };
}

/** Gone after the test, unless PGMON_TEST_KEEP is set. */
export async function createTestStack(slug: string): Promise<TestStack> {
  const stack = await createSharedTestStack(slug);
  onTestFinished(stack.remove);
  return stack;
}

/** For several tests: whoever makes it calls `remove`, which does nothing when PGMON_TEST_KEEP is set. */
export async function createSharedTestStack(
  slug: string,
): Promise<TestStack & { readonly remove: () => Promise<void> }> {
  const name = `pgmon-test-${slug}-${randomBytes(3).toString('hex')}`;
  const dir = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
  const outDir = path.join(dir, '.pgmon', name);
  const specFile = path.join(dir, 'pgmon.yaml');
  const host = createNodeHost({ signal: NEVER });
  const provider = await createDockerProvider(host);
  const remove = async () => {
    if (process.env.PGMON_TEST_KEEP === '1') return;
    await removeAll(provider, name, outDir);
    await rm(dir, { recursive: true, force: true });
  };
  const [prometheus = 0, exporter = 0, sql = 0, alertmanager = 0, node = 0, postgres = 0] =
    await freePorts(6);
  const { images } = await testLock();
  const references = Object.entries(images).map(
    ([component, image]) =>
      `  ${COMPONENT_KEYS[component as keyof typeof COMPONENT_KEYS]}: ${image.reference}`,
  );
  const head = [
    'apiVersion: pgmon/v1',
    `name: ${name}`,
    'grafana: {enabled: false}',
    'images:',
    ...references,
    '',
  ];
  const world = () =>
    provider.observe({ stackName: name, outDir, services: [], networks: [], volumes: [] }, NEVER);
  const pgmon = async (words: readonly string[], options: RunOptions = {}): Promise<CliOutcome> => {
    const stdout = recorder();
    const stderr = recorder();
    const code = await run(['node', 'pgmon', ...words, '-f', specFile], {
      ...createNodeHost({ signal: options.signal ?? NEVER }),
      env: { ...process.env, ...options.env },
      stdin: { isTTY: false, readText: async () => '' },
      stdout: stdout.stream,
      stderr: stderr.stream,
      ...options.host,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  };
  return {
    name,
    dir,
    outDir,
    specFile,
    ports: { prometheus, exporter, sql, alertmanager, node, postgres },
    provider,
    host,
    writeSpec: (parts) => writeFile(specFile, head.join('\n') + parts),
    pgmon,
    world,
    remove,
    container: async (service) => {
      const { containers } = await world();
      const found = containers.find((one) => one.name === `${name}-${service}-1`);
      if (found === undefined) throw new Error(`no container of ${service}`);
      return found;
    },
  };
}

/** id and start time of each container: equal before and after means untouched. */
export function fingerprint({ containers }: ObservedWorld): Readonly<Record<string, string>> {
  return Object.fromEntries(
    containers.map(({ service, id, startedAtMs }) => [service, `${id} ${startedAtMs}`]),
  );
}

/** Services whose container or start differs between two looks. */
export function touched(before: ObservedWorld, after: ObservedWorld): readonly string[] {
  const [first, second] = [fingerprint(before), fingerprint(after)];
  const services = new Set([...Object.keys(first), ...Object.keys(second)]);
  return [...services].filter((service) => first[service] !== second[service]).sort();
}
