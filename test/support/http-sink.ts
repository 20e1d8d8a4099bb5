/** An HTTP server that stands in for chat services: it keeps what it is sent and answers as each of them would. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

export interface HttpSink {
  /** As a container with `host.docker.internal` reaches it. */
  readonly url: string;
  readonly requests: readonly SinkRequest[];
  /** Requests whose path begins with this. */
  readonly to: (path: string) => readonly SinkRequest[];
  readonly close: () => Promise<void>;
}

/** What Telegram's `sendMessage` answers; the others are content with any 2xx. */
const ANSWER = JSON.stringify({
  ok: true,
  result: { message_id: 1, date: 0, chat: { id: 1, type: 'group' }, text: '' },
});

export async function startHttpSink(): Promise<HttpSink> {
  const requests: SinkRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ method, path: url, headers, body, atMs: Date.now() });
      response.writeHead(url.startsWith('/pagerduty') ? 202 : 200, { 'content-type': 'application/json' });
      response.end(ANSWER);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '0.0.0.0', resolve));
  return {
    url: `http://host.docker.internal:${(server.address() as AddressInfo).port}`,
    requests,
    to: (path) => requests.filter((one) => one.path.startsWith(path)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
