/** Runs one program in a container of its own and hands back what it said. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { orNull } from '../../src/providers/docker/connection.ts';

export interface ContainerRun {
  readonly command: readonly string[];
  /** Replaces the image's entrypoint when given. */
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly env?: readonly string[];
  readonly binds?: readonly string[];
}

/** What pgmon gives every service: no capability, no new privilege, read-only root. */
const HARDENED = { CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'], ReadonlyRootfs: true } as const;
const POSTGRES_TMPFS = { '/tmp': '', '/var/run/postgresql': 'uid=999,gid=999,mode=3775' } as const;

export function testName(slug: string): string {
  return `pgmon-test-${slug}-${randomBytes(3).toString('hex')}`;
}

/** Makes a hardened container that is removed, with its volumes, after the test. */
export async function createContainer(
  docker: Docker,
  image: string,
  run: ContainerRun,
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name: testName('image'),
    Image: image,
    Cmd: [...run.command],
    ...(run.entrypoint !== undefined && { Entrypoint: [...run.entrypoint] }),
    ...(run.user !== undefined && { User: run.user }),
    Env: [...(run.env ?? [])],
    HostConfig: {
      ...HARDENED,
      CapDrop: [...HARDENED.CapDrop],
      SecurityOpt: [...HARDENED.SecurityOpt],
      Tmpfs: { ...POSTGRES_TMPFS },
      Binds: [...(run.binds ?? [])],
    },
  });
  onTestFinished(async () => void (await orNull(container.remove({ force: true, v: true }))));
  return container;
}

async function readOutput(container: Docker.Container): Promise<string> {
  const raw = (await container.logs({ stdout: true, stderr: true, follow: false })) as Buffer | Readable;
  const bytes = Buffer.isBuffer(raw) ? raw : Buffer.concat(await raw.toArray());
  const parts: Buffer[] = [];
  // Frames of 8 bytes of header (length in the last four) and their content.
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Exit code and output (both streams) of a program that ends by itself. */
export async function runInContainer(
  docker: Docker,
  image: string,
  run: ContainerRun,
): Promise<{ readonly code: number; readonly output: string }> {
  const container = await createContainer(docker, image, run);
  await container.start();
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  return { code: StatusCode, output: await readOutput(container) };
}

/** Runs a program in a running container; resolves with its exit code and output. */
export async function execInContainer(
  container: Docker.Container,
  command: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const output = Buffer.concat(await stream.toArray()).toString('utf8');
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? -1, output };
}
