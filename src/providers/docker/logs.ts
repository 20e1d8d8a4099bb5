/** Reads the logs of containers through the daemon, line by line. */
import type Docker from 'dockerode';
import { mergeArrivals, mergeByTime } from '../merge-lines.ts';
import type { LogLine, LogOptions, ObservedContainer } from '../provider.ts';
import type { Connection } from './connection.ts';
import { toProviderError } from './errors.ts';
import type { Frame } from './frames.ts';
import { readFrames } from './frames.ts';
import { readLines } from './log-lines.ts';

/** dockerode's own `logs` gathers everything in memory unless it follows: ask for the stream itself. */
function openLogs(
  docker: Docker,
  id: string,
  options: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const query = {
    stdout: 1,
    stderr: 1,
    timestamps: 1,
    follow: options.follow ? 1 : 0,
    tail: String(options.tail),
    ...(options.since !== undefined && { since: options.since }),
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `/containers/${id}/logs?`,
        method: 'GET',
        options: query,
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      },
      (error, stream) =>
        error === null || error === undefined ? resolve(stream as AsyncIterable<Uint8Array>) : reject(error),
    );
  });
}

async function* framesOf(
  docker: Docker,
  id: string,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  yield* readFrames(await openLogs(docker, id, options, signal));
}

/** Without `follow`: lines of all containers in order of time. With: as they come. Rejects with pgmon's errors only. */
export async function* readLogs(
  { docker, endpoint }: Connection,
  containers: readonly ObservedContainer[],
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const merge = options.follow ? mergeArrivals : mergeByTime;
  // A reader that stops early leaves streams that may never end by themselves.
  const closed = new AbortController();
  const close = () => closed.abort();
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    const sources = containers.map(({ id, service }) =>
      readLines(service, framesOf(docker, id, options, closed.signal)),
    );
    for await (const { stamp, text, ...line } of merge(sources)) {
      yield { ...line, text: options.timestamps && stamp !== '' ? `${stamp} ${text}` : text };
    }
  } catch (cause) {
    throw toProviderError(cause, { action: 'read logs', endpoint, signal });
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}
