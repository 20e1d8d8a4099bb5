import { describe, expect, it } from 'vitest';
import { tarEntries, tarStream } from '../../../src/images/tar.ts';
import { readBytes } from '../../support/image-bundle.ts';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a tar', () => {
  it('gives back what was streamed into it, whatever the size of the pieces', async () => {
    const content = Buffer.alloc(300_000, 'abcdefg');
    const tar = await readBytes(
      tarStream(async (writer) => {
        await writer.add({ name: 'dir', type: 'directory' });
        await writer.addStream({ name: 'dir/file', size: content.length }, chunksOf(content, 70_001));
        await writer.add({ name: 'last' }, 'text');
      }),
    );
    for (const size of [1000, 511, 1 << 20]) {
      const seen: [string, number][] = [];
      for await (const entry of tarEntries(chunksOf(tar, size))) {
        seen.push([entry.header.name, (await readBytes(entry.bytes)).length]);
      }
      expect(seen).toEqual([
        ['dir', 0],
        ['dir/file', content.length],
        ['last', 4],
      ]);
    }
  });

  it('fails when a source is shorter than promised', async () => {
    const tar = tarStream((writer) =>
      writer.addStream({ name: 'a', size: 10 }, chunksOf(Buffer.alloc(9), 9)),
    );
    await expect(readBytes(tar)).rejects.toThrow();
  });

  it('fails with the error of its source', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(5);
      throw new Error('the disk is gone');
    };
    const tar = tarStream((writer) => writer.addStream({ name: 'a', size: 10 }, broken()));
    await expect(readBytes(tar)).rejects.toThrow('the disk is gone');
  });

  it('can be left before its end', async () => {
    const tar = await readBytes(
      tarStream(async (writer) => {
        for (let index = 0; index < 50; index += 1)
          await writer.add({ name: `file-${index}` }, Buffer.alloc(10_000));
      }),
    );
    for await (const entry of tarEntries(chunksOf(tar, 5000))) {
      expect(entry.header.name).toBe('file-0');
      break;
    }
  });
});
