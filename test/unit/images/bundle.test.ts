import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadImages } from '../../../src/images/load-images.ts';
import { type ImageToSave, saveImages } from '../../../src/images/save-images.ts';
import { createTestDir } from '../../support/fake-host.ts';
import { createFakeImageStore, tinyImage } from '../../support/image-bundle.ts';

const signal = new AbortController().signal;
const onEvent = () => {};

const IMAGES: readonly ImageToSave[] = [
  { component: 'postgres', reference: 'local/a:1', version: '1', origin: 'build', digest: null },
  {
    component: 'prometheus',
    reference: 'local/b:2',
    version: '2',
    origin: 'registry',
    digest: `sha256:${'c'.repeat(64)}`,
  },
];

async function saved(name = 'images.tar') {
  const images = await Promise.all(
    IMAGES.map(async ({ reference }) => ({ reference, bytes: await tinyImage(reference, 'amd64') })),
  );
  const store = createFakeImageStore(images);
  const archive = path.join(await createTestDir(), name);
  const parts = await saveImages({ store, onEvent, signal, version: '1.2.3' }, IMAGES, archive);
  return { archive, parts, images, store };
}

const load = (archive: string, store: ReturnType<typeof createFakeImageStore>) =>
  loadImages({ store, onEvent, signal }, archive);

describe('an image archive', () => {
  it.each(['images.tar', 'images.tar.gz', 'images.tgz'])('brings every image back from %s', async (name) => {
    const { archive, images, store } = await saved(name);
    const loaded = await load(archive, store);
    expect(store.loaded()).toBe(2);
    expect(loaded.map(({ reference, origin, digest }) => ({ reference, origin, digest }))).toEqual(
      IMAGES.map(({ reference, origin, digest }) => ({ reference, origin, digest })),
    );
    expect(images).toHaveLength(2);
  });

  it('has the same bytes when it is made twice', async () => {
    const { archive, store } = await saved();
    const again = `${archive}.again`;
    await saveImages({ store, onEvent, signal, version: '1.2.3' }, IMAGES, again);
    expect((await readFile(again)).equals(await readFile(archive))).toBe(true);
  });

  it('is told from a gzipped one by its bytes, not by its name', async () => {
    const { archive, store } = await saved();
    await writeFile(archive, gzipSync(await readFile(archive)));
    await load(archive, store);
    expect(store.loaded()).toBe(2);
  });
});

describe('loading refuses before anything is loaded', () => {
  it('a part with one changed byte, and names it', async () => {
    const { archive, store } = await saved();
    const bytes = await readFile(archive);
    // The last part's data ends 1024 bytes (the tar's end) and its padding before the end of the file.
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 4096) ^ 1, bytes.length - 4096);
    await writeFile(archive, bytes);
    await expect(load(archive, store)).rejects.toThrow(/images\/prometheus\.tar was changed/);
    expect(store.loaded()).toBe(0);
  });

  it.each([0.95, 0.6, 0.4, 0.02])('an archive cut at %d of its length', async (share) => {
    const { archive, store } = await saved();
    const { length } = await readFile(archive);
    await truncate(archive, Math.floor(length * share));
    await expect(load(archive, store)).rejects.toThrow(/cut off|manifest\.json/);
    expect(store.loaded()).toBe(0);
  });

  it('a gzipped archive that is cut', async () => {
    const { archive, store } = await saved('images.tar.gz');
    const { length } = await readFile(archive);
    await truncate(archive, length - 100);
    await expect(load(archive, store)).rejects.toThrow(/cut off/);
    expect(store.loaded()).toBe(0);
  });

  it('an archive that ends after its first part', async () => {
    const { archive, parts, store } = await saved();
    const bytes = await readFile(archive);
    const second = bytes.lastIndexOf(parts[1]?.file ?? 'missing');
    await writeFile(archive, Buffer.concat([bytes.subarray(0, second), Buffer.alloc(1024)]));
    await expect(load(archive, store)).rejects.toThrow(/cut off: images\/prometheus\.tar is missing/);
    expect(store.loaded()).toBe(0);
  });

  it.each([
    ['an empty file', ''],
    ['a text', 'this is no archive\n'.repeat(100)],
  ])('%s', async (_what, content) => {
    const { archive, store } = await saved();
    await writeFile(archive, content);
    await expect(load(archive, store)).rejects.toThrow(/cannot use .*images\.tar/);
    expect(store.loaded()).toBe(0);
  });

  it('a plain docker save archive', async () => {
    const { archive, images, store } = await saved();
    await writeFile(archive, images[0]?.bytes ?? '');
    await expect(load(archive, store)).rejects.toThrow(/is no pgmon image archive/);
  });

  it('images for another platform', async () => {
    const { archive, store } = await saved();
    const elsewhere = { ...store, platform: async () => 'linux/arm64' };
    await expect(loadImages({ store: elsewhere, onEvent, signal }, archive)).rejects.toThrow(
      /holds images for linux\/amd64, the engine here is linux\/arm64/,
    );
    expect(store.loaded()).toBe(0);
  });
});

describe('loading', () => {
  it('fails when the engine shows another image under the reference afterwards', async () => {
    const { archive } = await saved();
    const other = createFakeImageStore(
      IMAGES.map(({ reference }) => ({ reference, bytes: Buffer.from(reference) })),
    );
    await expect(load(archive, other)).rejects.toThrow(
      /local\/a:1 was loaded as sha256:.* but the engine shows image/,
    );
  });

  it('fails when the file does not exist', async () => {
    await expect(load('/nonexistent/images.tar', createFakeImageStore([]))).rejects.toThrow(/ENOENT/);
  });
});

describe('saving', () => {
  it('leaves no file behind when an image is absent', async () => {
    const archive = path.join(await createTestDir(), 'images.tar');
    const deps = { store: createFakeImageStore([]), onEvent, signal, version: '1' };
    await expect(saveImages(deps, IMAGES, archive)).rejects.toThrow('local/a:1 is not on this machine');
    await expect(readFile(archive)).rejects.toThrow(/ENOENT/);
  });
});
