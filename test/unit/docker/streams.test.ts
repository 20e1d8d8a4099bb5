import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/providers/docker/frames.ts';
import { readFrames } from '../../../src/providers/docker/frames.ts';
import { readLines } from '../../../src/providers/docker/log-lines.ts';
import { readNdjson } from '../../../src/providers/docker/ndjson.ts';
import { mergeArrivals, mergeByTime } from '../../../src/providers/merge-lines.ts';

async function* chunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (let turn = 0; from < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const anySizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe('JSON lines', () => {
  test('come out the same however the bytes are cut, with or without a last line break', async () => {
    const anyRecords = fc.array(fc.record({ status: fc.string({ unit: 'grapheme' }), n: fc.integer() }));
    await fc.assert(
      fc.asyncProperty(anyRecords, anySizes, fc.boolean(), async (records, sizes, endsWithBreak) => {
        const text =
          records.map((record) => JSON.stringify(record)).join('\r\n') + (endsWithBreak ? '\n' : '');
        expect(await all(readNdjson(chunks(Buffer.from(text), sizes)))).toEqual(records);
      }),
    );
  });

  test('a stream that breaks off inside a line rejects', async () => {
    await expect(all(readNdjson(chunks(Buffer.from('{"a":1}\n{"b":'), [4])))).rejects.toThrow(
      /not a JSON line/,
    );
  });
});

function frameBytes({
  stream,
  text,
}: {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream === 'stderr' ? 2 : 1, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

describe('mixed output', () => {
  test('is taken apart however the bytes are cut', async () => {
    const anyFrames = fc.array(
      fc.record({
        stream: fc.constantFrom('stdout' as const, 'stderr' as const),
        text: fc.string({ unit: 'grapheme' }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(anyFrames, anySizes, async (frames, sizes) => {
        const read = await all(readFrames(chunks(Buffer.concat(frames.map(frameBytes)), sizes)));
        expect(read.map(({ stream, bytes }) => ({ stream, text: Buffer.from(bytes).toString() }))).toEqual(
          frames,
        );
      }),
    );
  });

  test('of a container with a terminal passes as stdout', async () => {
    const read = await all(readFrames(chunks(Buffer.from('plain text without frames'), [11])));
    expect(read.every(({ stream }) => stream === 'stdout')).toBe(true);
    expect(Buffer.concat(read.map(({ bytes }) => bytes)).toString()).toBe('plain text without frames');
  });

  test('that ends inside a frame rejects', async () => {
    const bytes = frameBytes({ stream: 'stdout', text: 'cut off' }).subarray(0, 12);
    await expect(all(readFrames(chunks(bytes, [5])))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

async function* frames(...texts: readonly (readonly ['stdout' | 'stderr', string])[]): AsyncGenerator<Frame> {
  for (const [stream, text] of texts) yield { stream, bytes: Buffer.from(text) };
}

const at = (second: number) => `2026-01-01T00:00:0${second}.000000000Z`;

describe('log lines', () => {
  test('lose their stamps, and a line that the daemon cut is whole again', async () => {
    const read = await all(
      readLines(
        'web',
        frames(
          ['stdout', `${at(1)} long `],
          ['stderr', `${at(2)} other\n`],
          ['stdout', `${at(3)} line\r\nlast`],
        ),
      ),
    );
    expect(read).toEqual([
      { service: 'web', stream: 'stderr', text: 'other', stamp: at(2) },
      { service: 'web', stream: 'stdout', text: 'long line', stamp: at(1) },
      { service: 'web', stream: 'stdout', text: 'last', stamp: at(1) },
    ]);
  });

  test('keep a character whose bytes are in two frames', async () => {
    const [first, second] = [Buffer.from('é\n').subarray(0, 1), Buffer.from('é\n').subarray(1)];
    async function* cut(): AsyncGenerator<Frame> {
      yield { stream: 'stdout', bytes: Buffer.concat([Buffer.from(`${at(1)} `), first]) };
      yield { stream: 'stdout', bytes: second };
    }
    expect((await all(readLines('web', cut()))).map(({ text }) => text)).toEqual(['é']);
  });

  test('of several containers are put in order of time', async () => {
    const a = readLines('a', frames(['stdout', `${at(1)} one\n`], ['stdout', `${at(4)} four\n`]));
    const b = readLines('b', frames(['stdout', `${at(2)} two\n`], ['stderr', `${at(3)} three\n`]));
    expect((await all(mergeByTime([a, b]))).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('of a silent container do not hold back the others, and closing does not wait for it', async () => {
    async function* silent(): AsyncGenerator<string> {
      await new Promise(() => {});
    }
    async function* lively(): AsyncGenerator<string> {
      yield 'a';
      yield 'b';
    }
    const merged = mergeArrivals([silent(), lively()]);
    expect([(await merged.next()).value, (await merged.next()).value]).toEqual(['a', 'b']);
    expect((await merged.return(undefined)).done).toBe(true);
  });

  test('a failing source fails the merge', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('gone');
    }
    await expect(all(mergeArrivals([failing()]))).rejects.toThrow('gone');
  });
});
