/** Services, names and cleaning up for tests on the real daemon. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { PGMON_LABELS } from '../../src/conventions.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { type Connection, connect, orNull } from '../../src/providers/docker/connection.ts';
import type { StackContext } from '../../src/providers/provider.ts';
import { defineService } from '../../src/render/services/base-service.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';
import { imageFor, SETUP_COMMAND } from './images.ts';
import { createStack } from './stack-fixture.ts';

const MIB = 1024 * 1024;

/** A connection to the daemon that tests use; only for what the provider does not offer. */
export function connectForTest(): Promise<Connection> {
  return connect(createNodeHost({ signal: new AbortController().signal }));
}

/** An image that has /bin/sh and busybox; rejects when there is none. */
export async function shellImage(): Promise<string> {
  const image = await imageFor('node-exporter');
  if (image === null) throw new Error(`no image for node-exporter: run ${SETUP_COMMAND}`);
  return image;
}

/** A service that runs a shell for ever; `own` wins. */
export function shellService(stackName: string, image: string, own: Partial<Service> = {}): Service {
  const settings = {
    image: { reference: image, version: '0', chosenBy: 'spec' },
    published: null,
    memoryBytes: 32 * MIB,
    pidsLimit: 32,
  } as const;
  return defineService(createStack(), settings, {
    name: 'prometheus',
    entrypoint: ['/bin/sh', '-c'],
    command: ['trap "exit 0" TERM; while :; do sleep 0.1; done'],
    stopGraceSeconds: 2,
    labels: { [PGMON_LABELS.stack]: stackName, [PGMON_LABELS.serviceHash]: 'hash-1' },
    ...own,
  });
}

async function removeStack({ docker }: Connection, stackName: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${stackName}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => orNull(docker.getNetwork(Id).remove())));
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all((Volumes ?? []).map(({ Name }) => orNull(docker.getVolume(Name).remove())));
}

/** A stack's name and output directory that nothing else has; whatever carries the name is gone after the test. */
export async function createStackContext(slug: string): Promise<StackContext> {
  const connection = await connectForTest();
  const stackName = `pgmon-test-${slug}-${randomBytes(3).toString('hex')}`;
  const outDir = await mkdtemp(path.join(os.tmpdir(), `${stackName}-`));
  onTestFinished(async () => {
    if (process.env.PGMON_TEST_KEEP === '1') return;
    await removeStack(connection, stackName);
    await rm(outDir, { recursive: true, force: true });
  });
  return { stackName, outDir };
}

/** Writes files below the output directory, parents included. */
export async function writeOutFiles(outDir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(outDir, name)), { recursive: true });
    await writeFile(path.join(outDir, name), content);
  }
}
