/** Tar archives as plain async iterables: entries are written and read one after the other, never held whole in memory. */
import { Readable } from 'node:stream';
import { extract, type Header, type Pack, pack } from 'tar-stream';

export type TarHeader = Partial<Header> & Pick<Header, 'name'>;
export type Bytes = AsyncIterable<Uint8Array>;

export interface TarEntry {
  readonly header: Header;
  /** Must be read to its end (or `skip`ped) before the next entry comes. */
  readonly bytes: Bytes;
  skip(): void;
}

export interface TarWriter {
  /** A file with its content, or a directory or link without. */
  add(header: TarHeader, content?: string | Uint8Array): Promise<void>;
  /** A file of `size` bytes, streamed. Rejects when the source has more or fewer. */
  addStream(header: TarHeader & { readonly size: number }, source: Bytes): Promise<void>;
}

async function copyInto(
  target: Pack,
  header: TarHeader & { readonly size: number },
  source: Bytes,
): Promise<void> {
  let wake = (): void => {};
  let failure: Error | null = null;
  const ended = new Promise<void>((resolve, reject) => {
    const sink = target.entry(header, (error) => (error ? reject(error) : resolve()));
    sink.on('drain', () => wake());
    sink.on('close', () => wake());
    sink.on('error', reject);
    const copy = async (): Promise<void> => {
      for await (const chunk of source) {
        if (failure !== null) return;
        if (!sink.write(chunk))
          await new Promise<void>((next) => {
            wake = next;
          });
      }
      sink.end(undefined);
    };
    copy().catch((error: Error) => {
      sink.destroy(error);
      reject(error);
    });
  });
  await ended.catch((error: Error) => {
    failure = error;
    wake();
    throw error;
  });
}

/** A tar whose entries `fill` adds; the stream fails when `fill` does. */
export function tarStream(fill: (writer: TarWriter) => Promise<void>): Readable {
  const target = pack();
  const writer: TarWriter = {
    add: (header, content = '') =>
      new Promise((resolve, reject) => {
        if (header.type !== undefined && header.type !== 'file') {
          target.entry({ ...header, size: 0 }, (error) => (error ? reject(error) : resolve()));
          return;
        }
        target.entry(header, Buffer.from(content), (error) => (error ? reject(error) : resolve()));
      }),
    addStream: (header, source) => copyInto(target, header, source),
  };
  fill(writer).then(
    () => target.finalize(),
    (error: Error) => target.destroy(error),
  );
  return Readable.from(target as AsyncIterable<Uint8Array>, { objectMode: false });
}

/** The entries of a tar; rejects when it is cut off or is no tar. */
export async function* tarEntries(source: Bytes): AsyncGenerator<TarEntry> {
  const unpack = extract();
  let wake = (): void => {};
  unpack.on('drain', () => wake());
  unpack.on('close', () => wake());
  let isClosed = false;
  const feed = async (): Promise<void> => {
    for await (const chunk of source) {
      if (isClosed) return;
      if (!unpack.write(chunk))
        await new Promise<void>((next) => {
          wake = next;
        });
    }
    unpack.end(undefined);
  };
  feed().catch((error: Error) => unpack.destroy(error));
  try {
    for await (const entry of unpack) {
      yield { header: entry.header, bytes: entry as Bytes, skip: () => entry.resume() };
    }
  } finally {
    isClosed = true;
    unpack.destroy();
    wake();
  }
}
