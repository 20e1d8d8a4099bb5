/** One HTTP(S) request at a time over node:http and node:https, which start faster than fetch and take a private CA. */
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Http, HttpRequest, HttpResponse } from './host.ts';

const DEFAULT_TIMEOUT_MS = 5000;

function requestOptions(request: HttpRequest): RequestOptions {
  const { method = 'GET', headers = {}, basicAuth, ca, serverName, signal, body } = request;
  return {
    method,
    agent: false,
    headers: { ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }), ...headers },
    ...(basicAuth !== undefined && { auth: `${basicAuth.user}:${basicAuth.password}` }),
    ...(ca !== undefined && { ca }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(signal !== undefined && { signal }),
  };
}

async function* limited(response: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes)
      throw Object.assign(new Error(`the answer is longer than ${maxBytes} bytes`), { code: 'ETOOBIG' });
    yield chunk as Buffer;
  }
}

async function saveBody(chunks: AsyncIterable<Buffer>, file: string): Promise<void> {
  const [{ createWriteStream }, { pipeline }] = await Promise.all([
    import('node:fs'),
    import('node:stream/promises'),
  ]);
  await pipeline(chunks, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
}

async function readResponse(
  response: IncomingMessage,
  { maxBytes = Number.POSITIVE_INFINITY, toFile }: HttpRequest,
): Promise<HttpResponse> {
  const body = limited(response, maxBytes);
  const chunks: Buffer[] = [];
  const isGood = response.statusCode !== undefined && Math.floor(response.statusCode / 100) === 2;
  if (toFile !== undefined && isGood) await saveBody(body, toFile);
  else for await (const chunk of body) chunks.push(chunk);
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    [value ?? ''].flat().join(', '),
  ]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** The timeout covers the whole exchange, not only silence on the socket. */
export function createHttp(): Http {
  return async (request) => {
    const url = new URL(request.url);
    const { request: open } =
      url.protocol === 'https:' ? await import('node:https') : await import('node:http');
    return new Promise<HttpResponse>((resolve, reject) => {
      const outgoing = open(url, requestOptions(request), (response) => {
        readResponse(response, request)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      });
      const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const timer = setTimeout(() => {
        const error = Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
        reject(error);
        outgoing.destroy(error);
      }, timeoutMs);
      outgoing.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.end(request.body);
    });
  };
}
