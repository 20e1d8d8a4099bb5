/** stdin, stdout and stderr of this process. A reader that went away (`pgmon logs | head`) is not an error. */
import type { ReadStream, WriteStream } from 'node:tty';
import type { Host, OutStream } from './host.ts';

const DEFAULT_COLUMNS = 80;

/** Either runs at most once; later writes are dropped. */
export interface StreamEnds {
  /** The other end of the pipe has gone. */
  readonly onClosed: () => void;
  /** It cannot be written to for another reason, such as a full disk. */
  readonly onFailed: (error: NodeJS.ErrnoException) => void;
}

export function createOutStream(stream: WriteStream, { onClosed, onFailed }: StreamEnds): OutStream {
  let isClosed = false;
  let isWatched = false;
  const onError = (error: NodeJS.ErrnoException) => {
    if (isClosed) return;
    isClosed = true;
    if (error.code === 'EPIPE' || error.code === 'EIO') onClosed();
    else onFailed(error);
  };
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns > 0 ? stream.columns : DEFAULT_COLUMNS;
    },
    write: (text) => {
      if (!isWatched) stream.on('error', onError);
      isWatched = true;
      if (!isClosed) stream.write(text);
    },
  };
}

/** Reads nothing until asked to. */
export function createInput(stream: ReadStream): Host['stdin'] {
  return {
    isTTY: stream.isTTY === true,
    readText: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
