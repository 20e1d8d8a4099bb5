/** Stands in front of a server on this machine and lets its answers through at a fixed pace, as a far registry does. */
import { createConnection, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SlowProxy {
  readonly port: number;
  /** Ends all connections at once and accepts no more. */
  close(): void;
}

async function* slowly(source: AsyncIterable<Buffer>, bytesPerSecond: number) {
  for await (const chunk of source) {
    yield chunk;
    await sleep((chunk.length * 1000) / bytesPerSecond);
  }
}

/** What goes to the server is not slowed down. The pace holds for each connection. */
export async function startSlowProxy(targetPort: number, bytesPerSecond: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = createConnection(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    const end = () => {
      client.destroy();
      target.destroy();
    };
    pipeline(client, target).catch(end);
    pipeline(target, (source: AsyncIterable<Buffer>) => slowly(source, bytesPerSecond), client).catch(end);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { readonly port: number }).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
