/** Merges packages and a recipe's own entries into one layer: a tar whose bytes depend on nothing else. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { file, ROOT_ENTRIES } from './base-entries.ts';
import type { OwnEntry, Recipe } from './recipe.ts';
import { readFileStream, runForOutput, writeFileStream } from './streams.ts';
import { type Bytes, type TarEntry, type TarWriter, tarEntries, tarStream } from './tar.ts';

export interface Layer {
  readonly path: string;
  /** `sha256:…` of the tar. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Of the newest file in the packages. */
  readonly newestMs: number;
}

const CERTIFICATES = /^usr\/share\/ca-certificates\/.*\.crt$/;
const MERGED = /^(bin|sbin|lib|lib32|lib64|libx32)\//;
const PERMISSIONS = 0o1777;

interface Merge {
  readonly writer: TarWriter;
  readonly recipe: Recipe;
  /** Paths written so far, by the name that they have in the packages. */
  readonly written: Set<string>;
  readonly certificates: Map<string, string>;
  newestMs: number;
}

/** `./lib/x` -> `usr/lib/x`: packages may still use the places that /usr was merged from. */
function imagePath(name: string): string {
  const plain = name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  return MERGED.test(plain) ? `usr/${plain}` : plain;
}

async function readText(source: Bytes): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function mergeFile(merge: Merge, original: string, entry: TarEntry): Promise<void> {
  const { recipe, writer } = merge;
  const { mode, mtime, size } = entry.header;
  const header = {
    name: recipe.renamed[original] ?? original,
    mode: mode & PERMISSIONS,
    mtime,
    uid: 0,
    gid: 0,
  };
  const edit = recipe.edited[original];
  if (edit === undefined) return writer.addStream({ ...header, size }, entry.bytes);
  await writer.add(header, (await readText(entry.bytes)).replace(edit.find, edit.replacement));
}

async function mergeEntry(merge: Merge, entry: TarEntry): Promise<void> {
  const { recipe, written, writer } = merge;
  const { mode, mtime, type, linkname } = entry.header;
  const original = imagePath(entry.header.name);
  if (CERTIFICATES.test(original)) {
    merge.certificates.set(original, await readText(entry.bytes));
    return;
  }
  if (
    original === '' ||
    written.has(original) ||
    recipe.droppedPaths.some((pattern) => pattern.test(original))
  ) {
    entry.skip();
    return;
  }
  written.add(original);
  merge.newestMs = Math.max(merge.newestMs, mtime.getTime());
  if (type === 'file') return mergeFile(merge, original, entry);
  entry.skip();
  const link = type === 'link' ? { linkname: imagePath(linkname) } : type === 'symlink' ? { linkname } : {};
  await writer.add({ name: original, type, mode: mode & PERMISSIONS, mtime, uid: 0, gid: 0, ...link });
}

async function mergePackage(merge: Merge, archive: string, signal: AbortSignal): Promise<void> {
  const program = runForOutput('dpkg-deb', ['--fsys-tarfile', archive], signal);
  // dpkg-deb's own words say more than "unexpected end of data".
  try {
    for await (const entry of tarEntries(program.stdout)) await mergeEntry(merge, entry);
  } catch (error) {
    program.stdout.destroy();
    await program.done;
    throw error;
  }
  await program.done;
}

async function writeOwnEntry(merge: Merge, entry: OwnEntry, mtime: Date): Promise<void> {
  const { writer } = merge;
  const common = { name: entry.path, mtime, uid: 0, gid: 0 };
  merge.written.add(entry.path);
  switch (entry.kind) {
    case 'directory':
      return writer.add({ ...common, type: 'directory', mode: entry.mode, uid: entry.uid, gid: entry.uid });
    case 'symlink':
      return writer.add({ ...common, type: 'symlink', mode: 0o777, linkname: entry.target });
    case 'file':
      return writer.add({ ...common, mode: entry.mode }, entry.content);
  }
}

/** The CA bundle where Go, OpenSSL and curl look for it. */
function certificateEntries(certificates: ReadonlyMap<string, string>): readonly OwnEntry[] {
  const names = [...certificates.keys()].sort();
  if (names.length === 0) return [];
  const content = names.map((name) => certificates.get(name)?.trimEnd()).join('\n');
  return [file('etc/ssl/certs/ca-certificates.crt', `${content}\n`)];
}

async function fill(merge: Merge, archives: readonly string[], signal: AbortSignal): Promise<void> {
  for (const entry of ROOT_ENTRIES) await writeOwnEntry(merge, entry, new Date(0));
  // Ours win over the packages': the same path is not written twice.
  for (const entry of merge.recipe.ownEntries) merge.written.add(entry.path);
  for (const archive of archives) {
    signal.throwIfAborted();
    await mergePackage(merge, archive, signal);
  }
  const own = [...merge.recipe.ownEntries, ...certificateEntries(merge.certificates)];
  for (const entry of own) await writeOwnEntry(merge, entry, new Date(merge.newestMs));
}

/** Writes the layer to `path`. `archives` are the paths of the packages, in an order that the caller keeps stable. */
export async function writeLayer(
  recipe: Recipe,
  archives: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<Layer> {
  const hash = createHash('sha256');
  const state = { recipe, written: new Set<string>(), certificates: new Map<string, string>(), newestMs: 0 };
  let newestMs = 0;
  let sizeBytes = 0;
  const tar = tarStream(async (writer) => {
    const merge: Merge = { ...state, writer };
    await fill(merge, archives, signal);
    newestMs = merge.newestMs;
  });
  const measured = async function* (source: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(tar, measured, writeFileStream(path), { signal });
  return { path, digest: `sha256:${hash.digest('hex')}`, sizeBytes, newestMs };
}

/** The layer's bytes. */
export function readLayer(layer: Layer): Readable {
  return readFileStream(layer.path);
}
