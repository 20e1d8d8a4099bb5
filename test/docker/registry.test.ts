/** Pulling from a real registry: progress, credentials, what the lock file records and pins, and what fails on the way. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPONENTS, type ComponentName } from '../../src/catalog/components.ts';
import { LOCK_FILE } from '../../src/conventions.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { parseLock } from '../../src/images/lock-file.ts';
import { orNull } from '../../src/providers/docker/connection.ts';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';
import type { PullProgress } from '../../src/providers/provider.ts';
import type { LockedImage } from '../../src/stack/lock.ts';
import { daemonMissing } from '../support/daemon.ts';
import { connectForTest } from '../support/docker-services.ts';
import { createTestDir } from '../support/fake-host.ts';
import { imageFor } from '../support/images.ts';
import { type RegistryOptions, registryMissing, startRegistry } from '../support/registry.ts';
import { createRegistryImages } from '../support/registry-images.ts';
import { createTestStack, type RunOptions, smallSpec, type TestStack } from '../support/test-stack.ts';

const NEVER = new AbortController().signal;
const MIB = 1024 * 1024;
const missing = daemonMissing ?? (await registryMissing());
const LOGIN = { user: 'reader', password: 'only for registries' } as const;

const nameOf = (component: ComponentName) => `test/${component}:v${COMPONENTS[component].version}`;
const PROMETHEUS = nameOf('prometheus');
const EXPORTER = nameOf('postgres-exporter');

async function openRegistry(options: RegistryOptions = {}) {
  const registry = await startRegistry(options);
  const connection = await connectForTest();
  const images = createRegistryImages(connection, registry, options.auth);
  const idOf = async (reference: string) =>
    (await orNull(connection.docker.getImage(reference).inspect()))?.Id ?? null;
  return { ...registry, images, idOf };
}

/** A small stack whose two images come from the registry. */
async function createStack(slug: string, address: string): Promise<TestStack> {
  const stack = await createTestStack(slug);
  const references = `images:\n  prometheus: ${address}/${PROMETHEUS}\n  postgresExporter: ${address}/${EXPORTER}\n`;
  const head = `apiVersion: pgmon/v1\nname: ${stack.name}\ngrafana: {enabled: false}\n${references}`;
  await writeFile(stack.specFile, head + smallSpec(stack));
  return stack;
}

async function readLocked({ dir }: TestStack, component: ComponentName): Promise<LockedImage | null> {
  const file = path.join(dir, LOCK_FILE);
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (parseLock(text, file).images[component] ?? null);
}

/** `images pull` with a Docker configuration of its own. */
async function pullWith(stack: TestStack, config: object, options: RunOptions = {}) {
  const dir = await createTestDir();
  await writeFile(path.join(dir, 'config.json'), JSON.stringify(config));
  return stack.pgmon(['images', 'pull'], { ...options, env: { DOCKER_CONFIG: dir } });
}

const basicAuth = (user: string, password: string) => ({
  auth: Buffer.from(`${user}:${password}`).toString('base64'),
});

async function manifestDigest(address: string, name: string): Promise<string | null> {
  const [repository, tag] = name.split(':');
  const accept = 'application/vnd.docker.distribution.manifest.v2+json';
  const url = `http://${address}/v2/${repository}/manifests/${tag}`;
  const { headers } = await fetch(url, { method: 'HEAD', headers: { accept } });
  return headers.get('docker-content-digest');
}

describe.skipIf(missing !== null)(`images of a registry${missing ?? ''}`, () => {
  it('are pulled with progress up to the last byte', async () => {
    const { images, idOf } = await openRegistry({ bytesPerSecond: 3 * MIB });
    const reference = await images.publishNew('test/large:v1', 6 * MIB);
    expect(await idOf(reference)).toBeNull();
    const provider = await createDockerProvider(createNodeHost({ signal: NEVER }));
    const seen: PullProgress[] = [];
    await provider.pull(reference, (progress) => void seen.push(progress), NEVER);
    expect(await idOf(reference)).not.toBeNull();
    const bytes = seen.map(({ currentBytes }) => currentBytes);
    const last = seen.at(-1);
    expect(seen.length).toBeGreaterThan(3);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes[0]).toBeLessThan(3 * MIB);
    expect(last?.totalBytes).toBeGreaterThan(6 * MIB);
    expect(last?.currentBytes).toBe(last?.totalBytes);
  });

  it('are noted in the lock file with reference, the digest of the registry and the id', async () => {
    const { address, images, idOf } = await openRegistry();
    const reference = await images.publishNew(PROMETHEUS);
    await images.publishNew(EXPORTER);
    const stack = await createStack('noted', address);
    const { code, stderr } = await stack.pgmon(['images', 'pull']);
    expect(code, stderr).toBe(0);
    const locked = await readLocked(stack, 'prometheus');
    expect(locked).toEqual({
      reference,
      version: COMPONENTS.prometheus.version,
      origin: 'registry',
      digest: await manifestDigest(address, PROMETHEUS),
      ids: { [Object.keys(locked?.ids ?? {})[0] ?? '']: await idOf(reference) },
    });
    expect((await readLocked(stack, 'postgres-exporter'))?.reference).toBe(`${address}/${EXPORTER}`);
  });

  it('that it does not have are named, and nothing is noted', async () => {
    const { address, images, idOf } = await openRegistry();
    const reference = await images.publishNew(EXPORTER);
    const stack = await createStack('absent', address);
    const { code, stderr } = await stack.pgmon(['images', 'pull']);
    expect(code).toBe(4);
    expect(stderr).toContain(
      `cannot pull ${address}/${PROMETHEUS}: the registry has no such image for this machine`,
    );
    expect(stderr).toContain('1 of 2 images could not be pulled');
    expect(await idOf(reference)).not.toBeNull();
    expect(await readLocked(stack, 'prometheus')).toBeNull();
  });

  it('start a stack on a machine that has none of them', async () => {
    const { address, images, idOf } = await openRegistry();
    for (const component of ['prometheus', 'postgres-exporter'] as const) {
      await images.publish(nameOf(component), (await imageFor(component)) ?? '');
      expect(await idOf(`${address}/${nameOf(component)}`)).toBeNull();
    }
    const stack = await createStack('up', address);
    const { code, stderr } = await stack.pgmon(['up']);
    expect(code, stderr).toBe(0);
    const { containers } = await stack.world();
    // The exporter runs twice: for fast and for slow figures.
    const ids = await Promise.all([EXPORTER, EXPORTER, PROMETHEUS].map((name) => idOf(`${address}/${name}`)));
    expect(containers.map(({ imageId }) => imageId).sort()).toEqual([...ids].sort());
    expect((await readLocked(stack, 'prometheus'))?.digest).toBe(await manifestDigest(address, PROMETHEUS));
  });

  /** A stack of which one image takes seconds to come; `onProgress` is called once, when a part has come. */
  async function openSlow(slug: string) {
    const registry = await openRegistry({ bytesPerSecond: 4 * MIB });
    const reference = await registry.images.publishNew(PROMETHEUS, 32 * MIB);
    await registry.images.publishNew(EXPORTER);
    const stack = await createStack(slug, registry.address);
    const pullUntil = async (onProgress: () => void, options: RunOptions = {}) => {
      const written: string[] = [];
      let isCalled = false;
      const write = (text: string) => {
        written.push(text);
        if (isCalled || !/[1-9]\S* MB of /.test(text)) return;
        isCalled = true;
        onProgress();
      };
      const stderr = { isTTY: true, columns: 200, write };
      const { code } = await stack.pgmon(['images', 'pull'], { ...options, host: { stderr } });
      return { code, isCalled, stderr: written.join('') };
    };
    return { ...registry, reference, stack, pullUntil };
  }

  it('fail in words when the registry dies while they come, and nothing is noted', async () => {
    const { reference, stack, pullUntil, idOf, stop } = await openSlow('dies');
    // The daemon itself tries five more times, for 75 seconds.
    const { code, isCalled, stderr } = await pullUntil(() => void stop());
    expect(isCalled).toBe(true);
    expect(code).toBe(4);
    expect(stderr).toContain(`cannot pull ${reference}: the registry cannot be reached`);
    expect(await idOf(reference)).toBeNull();
    expect(await readLocked(stack, 'prometheus')).toBeNull();
  });

  it('are left alone when the run is interrupted while they come, and nothing is noted', async () => {
    const { reference, stack, pullUntil, idOf } = await openSlow('interrupted');
    const interrupt = new AbortController();
    const { code, isCalled } = await pullUntil(() => interrupt.abort(), { signal: interrupt.signal });
    expect(isCalled).toBe(true);
    expect(code).toBe(130);
    expect(await idOf(reference)).toBeNull();
    expect(await readLocked(stack, 'prometheus')).toBeNull();
  });
});

describe.skipIf(missing !== null)(`a registry that wants a login${missing ?? ''}`, () => {
  async function openPrivate(slug: string) {
    const registry = await openRegistry({ auth: LOGIN });
    const reference = await registry.images.publishNew(PROMETHEUS);
    await registry.images.publishNew(EXPORTER);
    return { ...registry, reference, stack: await createStack(slug, registry.address) };
  }

  it('refuses without credentials, and the hint says how to log in', async () => {
    const { address, reference, stack, idOf } = await openPrivate('anonymous');
    const { code, stderr } = await pullWith(stack, {});
    expect(code).toBe(4);
    expect(stderr).toContain(`cannot pull ${reference}: the registry refuses it`);
    expect(stderr).toContain(`docker login ${address}`);
    expect(await idOf(reference)).toBeNull();
    expect(await readLocked(stack, 'prometheus')).toBeNull();
  });

  it('is used with the credentials of the Docker configuration', async () => {
    const { address, reference, stack, idOf } = await openPrivate('login');
    const auths = { [address]: basicAuth(LOGIN.user, LOGIN.password) };
    const { code, stderr } = await pullWith(stack, { auths });
    expect(code, stderr).toBe(0);
    expect(await idOf(reference)).toBe(Object.values((await readLocked(stack, 'prometheus'))?.ids ?? {})[0]);
  });

  it('refuses a wrong password, which is shown nowhere', async () => {
    const { address, reference, stack, idOf } = await openPrivate('wrong');
    const wrong = basicAuth(LOGIN.user, 'not the password');
    const { code, stdout, stderr } = await pullWith(stack, { auths: { [address]: wrong } });
    expect(code).toBe(4);
    expect(stderr).toContain(`cannot pull ${reference}: the registry refuses it`);
    expect(stdout + stderr).not.toContain('not the password');
    expect(stdout + stderr).not.toContain(wrong.auth);
    expect(await idOf(reference)).toBeNull();
  });

  it('is used with the credentials of a helper program', async () => {
    const { address, reference, stack, idOf } = await openPrivate('helper');
    const dir = await createTestDir();
    const program = path.join(dir, 'docker-credential-test');
    const answer = JSON.stringify({ ServerURL: address, Username: LOGIN.user, Secret: LOGIN.password });
    const script = `#!/bin/sh\nread -r asked\n[ "$1 $asked" = "get ${address}" ] || exit 1\necho '${answer}'\n`;
    await writeFile(program, script);
    await chmod(program, 0o755);
    const { exec } = createNodeHost({ signal: NEVER });
    const env = { PATH: `${dir}:${process.env.PATH}` };
    const { code, stderr } = await pullWith(
      stack,
      { credHelpers: { [address]: 'test' } },
      { host: { exec: (file, args, options) => exec(file, args, { ...options, env }) } },
    );
    expect(code, stderr).toBe(0);
    expect(await idOf(reference)).not.toBeNull();
  });
});

describe.skipIf(missing !== null)(`after a tag has moved${missing ?? ''}`, () => {
  /** A stack with a lock file, on a machine without images, whose tag of Prometheus means other bits by now. */
  async function openMoved(slug: string) {
    const registry = await openRegistry();
    const { address, images } = registry;
    await images.publishNew(EXPORTER);
    const reference = await images.publishNew(PROMETHEUS);
    const stack = await createStack(slug, address);
    const { code, stderr } = await stack.pgmon(['images', 'pull']);
    if (code !== 0) throw new Error(stderr);
    const locked = await readLocked(stack, 'prometheus');
    const lockedId = Object.values(locked?.ids ?? {})[0] ?? '';
    await images.forget();
    await images.publishNew(PROMETHEUS);
    expect(await manifestDigest(address, PROMETHEUS)).not.toBe(locked?.digest);
    return { ...registry, reference, stack, locked, lockedId };
  }

  it('a machine with the lock file still gets the locked bits, under the tag', async () => {
    const { reference, stack, locked, lockedId, idOf } = await openMoved('moved');
    const { code, stderr } = await stack.pgmon(['images', 'pull']);
    expect(code, stderr).toBe(0);
    expect(await idOf(reference)).toBe(lockedId);
    expect(await readLocked(stack, 'prometheus')).toEqual(locked);
  });

  it('a machine without the lock file gets what the tag means now', async () => {
    const { address, reference, stack, locked, lockedId, idOf } = await openMoved('unlocked');
    await writeFile(path.join(stack.dir, LOCK_FILE), 'lockVersion: 1\nimages: {}\n');
    const { code, stderr } = await stack.pgmon(['images', 'pull']);
    expect(code, stderr).toBe(0);
    expect(await idOf(reference)).not.toBe(lockedId);
    const noted = await readLocked(stack, 'prometheus');
    expect(noted?.digest).toBe(await manifestDigest(address, PROMETHEUS));
    expect(noted?.digest).not.toBe(locked?.digest);
  });

  it('up refuses other bits that are here under the tag and names both', async () => {
    const { reference, stack, images, locked, lockedId, idOf } = await openMoved('refused');
    await images.loadNew(PROMETHEUS);
    const otherId = await idOf(reference);
    const { code, stderr } = await stack.pgmon(['up']);
    expect(code).toBe(4);
    expect(stderr).toContain(`image ${reference} is ${otherId} here, but the lock file says ${lockedId}`);
    expect((await stack.world()).containers).toEqual([]);
    expect(await readLocked(stack, 'prometheus')).toEqual(locked);
  });

  it('images pull replaces other bits that are here under the tag by the locked ones', async () => {
    const { reference, stack, images, locked, lockedId, idOf } = await openMoved('replaced');
    await images.loadNew(PROMETHEUS);
    expect(await idOf(reference)).not.toBe(lockedId);
    const { code, stderr } = await stack.pgmon(['images', 'pull']);
    expect(code, stderr).toBe(0);
    expect(await idOf(reference)).toBe(lockedId);
    expect(await readLocked(stack, 'prometheus')).toEqual(locked);
  });

  it('up starts the locked bits from their digest', async () => {
    const { address, images, idOf } = await openRegistry();
    for (const component of ['prometheus', 'postgres-exporter'] as const) {
      await images.publish(nameOf(component), (await imageFor(component)) ?? '');
    }
    const stack = await createStack('locked-up', address);
    expect((await stack.pgmon(['images', 'pull'])).code).toBe(0);
    const lockedId = await idOf(`${address}/${PROMETHEUS}`);
    await images.forget();
    await images.publishNew(PROMETHEUS);
    const { code, stderr } = await stack.pgmon(['up']);
    expect(code, stderr).toBe(0);
    expect((await stack.container('prometheus')).imageId).toBe(lockedId);
    expect(await idOf(`${address}/${PROMETHEUS}`)).toBe(lockedId);
  });
});
