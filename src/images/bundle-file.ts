/** Opens and checks image archives: nothing is handed on before every byte matched the manifest. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EnvironmentError } from '../errors.ts';
import {
  type BundlePart,
  LARGEST_MANIFEST_BYTES,
  MANIFEST_NAME,
  parseManifest,
  README_NAME,
} from './bundle-manifest.ts';
import { readFileStream, readStart } from './streams.ts';
import { type Bytes, type TarEntry, tarEntries } from './tar.ts';

const GZIP_MAGIC = '1f8b';

function damaged(archive: string, problem: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`cannot use ${archive}: ${problem}; nothing was loaded`, {
    code: 'archive-damaged',
    hint: 'copy the file again, or make a new one with `pgmon images save FILE`',
    ...(cause !== undefined && { cause }),
  });
}

/** The archive's tar, unpacked when it is gzipped (told by its first bytes, not by its name). */
async function openTar(archive: string): Promise<Readable> {
  const start = await readStart(archive, 2);
  const source = readFileStream(archive);
  if (Buffer.from(start).toString('hex') !== GZIP_MAGIC) return source;
  const unzipped = createGunzip({ chunkSize: 1 << 20 });
  source.once('error', (error) => unzipped.destroy(error));
  unzipped.once('close', () => source.destroy());
  return source.pipe(unzipped);
}

/** Calls `visit` for the entries one after the other; what it leaves unread is skipped. */
async function eachEntry(
  archive: string,
  visit: (entry: TarEntry) => Promise<'read' | 'unread'>,
): Promise<void> {
  for await (const entry of tarEntries(await openTar(archive))) {
    if ((await visit(entry)) === 'unread') entry.skip();
  }
}

async function readManifest(entry: TarEntry, archive: string): Promise<readonly BundlePart[]> {
  if (entry.header.name !== MANIFEST_NAME || entry.header.size > LARGEST_MANIFEST_BYTES) {
    throw damaged(
      archive,
      `it is no pgmon image archive (begins with ${JSON.stringify(entry.header.name.slice(0, 80))})`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.bytes) chunks.push(chunk);
  return parseManifest(Buffer.concat(chunks).toString('utf8'), archive);
}

async function sha256Of(bytes: Bytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

/** Reads the whole archive and compares each part with the manifest. Rejects with EnvironmentError naming the bad part. */
export async function checkBundle(archive: string, signal: AbortSignal): Promise<readonly BundlePart[]> {
  let parts: readonly BundlePart[] | null = null;
  const waiting = new Map<string, BundlePart>();
  let current = MANIFEST_NAME;
  const visit = async (entry: TarEntry): Promise<'read' | 'unread'> => {
    signal.throwIfAborted();
    if (parts === null) {
      parts = await readManifest(entry, archive);
      for (const part of parts) waiting.set(part.file, part);
      current = parts[0]?.file ?? current;
      return 'read';
    }
    const { name, size } = entry.header;
    if (name === README_NAME) return 'unread';
    const part = waiting.get(name);
    if (part === undefined)
      throw damaged(archive, `${JSON.stringify(name)} is not in its manifest, or is there twice`);
    current = name;
    if (size !== part.sizeBytes)
      throw damaged(archive, `${name} has ${size} bytes instead of ${part.sizeBytes}`);
    if ((await sha256Of(entry.bytes)) !== part.sha256)
      throw damaged(archive, `${name} was changed: its checksum differs`);
    waiting.delete(name);
    current = [...waiting.keys()][0] ?? name;
    return 'read';
  };
  try {
    await eachEntry(archive, visit);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof EnvironmentError || isFileError(cause)) throw cause;
    throw damaged(archive, `it is cut off or damaged at ${current}`, cause);
  }
  const [missing] = waiting.keys();
  if (parts === null) throw damaged(archive, 'it is empty');
  if (missing !== undefined) throw damaged(archive, `it is cut off: ${missing} is missing`);
  return parts;
}

function isFileError(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'EIO';
}

/** Hands each part's bytes to `use`, in the archive's order. Call only after `checkBundle`. */
export async function eachPart(
  archive: string,
  parts: readonly BundlePart[],
  use: (part: BundlePart, bytes: Bytes) => Promise<void>,
): Promise<void> {
  await eachEntry(archive, async (entry) => {
    const part = parts.find((item) => item.file === entry.header.name);
    if (part === undefined) return 'unread';
    await use(part, entry.bytes);
    return 'read';
  });
}
