/** A stack on the real daemon, made from a spec by the same steps as `up`, without planning; gone after the test. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { probeService } from '../../src/apply/probe-service.ts';
import { writeSecretFiles } from '../../src/apply/secret-files.ts';
import { readSecrets } from '../../src/apply/secrets.ts';
import type { ServiceName } from '../../src/conventions.ts';
import type { Host } from '../../src/host/host.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { queryPostgres } from '../../src/host/postgres.ts';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';
import { containerOf, type ObservedContainer, type Provider } from '../../src/providers/provider.ts';
import { renderStack } from '../../src/render/render-stack.ts';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import { resolveStack } from '../../src/spec/resolve-stack.ts';
import { EMPTY_LOCK } from '../../src/stack/lock.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';
import type { CheckResult } from '../../src/verify/check-result.ts';
import type { VerifyInput } from '../../src/verify/verify-context.ts';
import { type VerifyOptions, verifyStack } from '../../src/verify/verify-stack.ts';
import { readTemplatesForTest } from './stack-fixture.ts';

export interface RunningStack extends VerifyInput {
  readonly name: string;
  readonly provider: Provider;
  readonly host: Host;
  readonly container: (service: ServiceName) => Promise<ObservedContainer>;
  readonly verify: (
    options?: VerifyOptions,
    changed?: Partial<VerifyInput>,
  ) => Promise<ReadonlyMap<string, CheckResult>>;
  readonly remove: () => Promise<void>;
}

interface Deps {
  readonly host: Host;
  readonly provider: Provider;
}

const READY_TIMEOUT_MS = 120_000;
const signal = new AbortController().signal;

/** `count` ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => void server.close(resolve))));
  return ports;
}

async function removeAll(provider: Provider, request: Parameters<Provider['observe']>[0]): Promise<void> {
  const world = await provider.observe(request, signal);
  await Promise.all(world.containers.map(({ id }) => provider.remove({ kind: 'container', id }, signal)));
  await Promise.all(world.networks.map(({ name }) => provider.remove({ kind: 'network', id: name }, signal)));
  await Promise.all(world.volumes.map(({ name }) => provider.remove({ kind: 'volume', id: name }, signal)));
}

/** Reads the spec, renders it and writes everything below `specDir`, as `up` does. */
async function prepare(host: Host, specText: string, specDir: string): Promise<VerifyInput> {
  const outDir = path.join(specDir, 'out');
  const parsed = parseSpec(specText, 'pgmon.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const resolved = resolveStack(parsed.document, { specDir, lock: EMPTY_LOCK, without: [] });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
  const { stack } = resolved;
  const rendered = renderStack(stack, { version: '0.0.0', templates: readTemplatesForTest() });
  const secrets = await readSecrets(host, { stack, outDir, create: true });
  for (const file of rendered.files) await host.fs.writeAtomic(path.join(outDir, file.path), file.content);
  const secretTexts = rendered.secretFiles.map((file) => [file.path, file.render(secrets)] as const);
  await writeSecretFiles(host, { outDir, runtime: 'docker' }, new Map(secretTexts));
  return { stack, rendered, secrets, outDir };
}

async function waitUntilReady(
  deps: Deps,
  input: VerifyInput,
  service: Service,
  containerId: string,
): Promise<void> {
  const endMs = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const seen = await deps.provider.inspect(containerId, signal);
    const probed = { service, containerId, secrets: input.secrets };
    const probe = await probeService(deps, probed, seen, signal);
    if (probe.isReady) return;
    if (Date.now() > endMs) throw new Error(`${service.name} is not ready: ${probe.answer}`);
    await deps.host.clock.sleep(100);
  }
}

async function boot(deps: Deps, input: VerifyInput): Promise<void> {
  const { provider } = deps;
  const { networks, volumes, services, name } = input.rendered;
  const context = { stackName: name, outDir: input.outDir };
  for (const key of networks) await provider.create(context, { kind: 'network', key }, signal);
  for (const key of volumes) await provider.create(context, { kind: 'volume', key }, signal);
  await Promise.all(
    services.map(async (service) => {
      const id = await provider.create(context, { kind: 'container', service }, signal);
      await provider.start(id, signal);
      await waitUntilReady(deps, input, service, id);
    }),
  );
}

/** Resolves once every service serves. `makeSpec` gets the stack's unique name and the directory that the spec stands in. */
export async function startStack(
  slug: string,
  makeSpec: (name: string, specDir: string) => Promise<string>,
): Promise<RunningStack> {
  const host = createNodeHost({ signal });
  const name = `pgmon-test-${slug}-${randomBytes(3).toString('hex')}`;
  const specDir = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
  const removeFiles = () => rm(specDir, { recursive: true, force: true });
  const provider = await createDockerProvider(host);
  const prepared = prepare(host, await makeSpec(name, specDir), specDir);
  const input = await prepared.catch(async (error: unknown) => {
    await removeFiles();
    throw error;
  });
  const { services, networks, volumes } = input.rendered;
  const request = { stackName: name, outDir: input.outDir, services, networks, volumes };
  const remove = async () => {
    await removeAll(provider, request);
    await removeFiles();
  };
  await boot({ host, provider }, input).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    ...input,
    name,
    provider,
    host,
    container: async (service) => {
      const found = containerOf(await provider.observe(request, signal), service);
      if (found === null) throw new Error(`no container of ${service}`);
      return found;
    },
    verify: async (options = {}, changed = {}) => {
      const deps = { host, provider, queryPostgres, signal };
      const results = await verifyStack(deps, { ...input, ...changed }, options);
      return new Map(results.map((result) => [result.id, result]));
    },
    remove,
  };
}
