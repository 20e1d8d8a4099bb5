/** The daemon of the tests: whether one answers, and a socket in front of it that can be cut. */
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { EnvironmentError } from '../../src/errors.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createDockerProvider } from '../../src/providers/docker/docker-provider.ts';

async function whyMissing(): Promise<string | null> {
  const signal = new AbortController().signal;
  try {
    const provider = await createDockerProvider(createNodeHost({ signal }));
    await provider.describe(signal);
    return null;
  } catch (error) {
    if (error instanceof EnvironmentError) return ` (skipped: ${error.message})`;
    throw error;
  }
}

/** Null when daemon tests run (always with `CI` set, where they then fail without one); otherwise why they are skipped. */
export const daemonMissing: string | null = process.env.CI === undefined ? await whyMissing() : null;

/** Passes everything on to the daemon until `cut`, which ends all connections and removes the socket, as a dying daemon does. */
export async function createCuttableSocket(file: string): Promise<{ readonly cut: () => void }> {
  const target = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock';
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const daemon = createConnection(target);
    for (const [socket, other] of [
      [client, daemon],
      [daemon, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => sockets.delete(socket));
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => void server.listen(file, resolve));
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    rmSync(file, { force: true });
  };
  onTestFinished(cut);
  return { cut };
}
