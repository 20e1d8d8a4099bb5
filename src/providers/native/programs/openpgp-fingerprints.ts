/** Fingerprints of the keys in an armored OpenPGP file (RFC 4880, version 4 keys). gpg is not on every machine. Pure. */
import { createHash } from 'node:crypto';

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  readonly next: number;
}

const PUBLIC_KEY = 6;

function lengthAt(bytes: Buffer, at: number, isNew: boolean, kind: number): { length: number; from: number } {
  if (!isNew) {
    const size = [1, 2, 4][kind] ?? 0;
    if (size === 0) throw new Error('a packet without a length');
    return { length: bytes.readUIntBE(at, size), from: at + size };
  }
  const first = bytes.readUInt8(at);
  if (first < 192) return { length: first, from: at + 1 };
  if (first < 224) return { length: ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192, from: at + 2 };
  if (first === 255) return { length: bytes.readUInt32BE(at + 1), from: at + 5 };
  throw new Error('a packet of unknown length');
}

function packetAt(bytes: Buffer, at: number): Packet {
  const header = bytes.readUInt8(at);
  if ((header & 0x80) === 0) throw new Error('not an OpenPGP packet');
  const isNew = (header & 0x40) !== 0;
  const tag = isNew ? header & 0x3f : (header >> 2) & 0x0f;
  const { length, from } = lengthAt(bytes, at + 1, isNew, header & 3);
  if (from + length > bytes.length) throw new Error('a packet that breaks off');
  return { tag, body: bytes.subarray(from, from + length), next: from + length };
}

function fingerprint(body: Buffer): string {
  if (body.readUInt8(0) !== 4) throw new Error('a key of another version than 4');
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash('sha1').update(head).update(body).digest('hex').toUpperCase();
}

function keysOf(bytes: Buffer): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    if (packet.tag === PUBLIC_KEY) found.push(fingerprint(packet.body));
    at = packet.next;
  }
  return found;
}

/** Of every primary key in the text, in capitals. Throws when the text is not such a file. */
export function openPgpFingerprints(text: string): readonly string[] {
  const blocks = text.matchAll(
    /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n[\s\S]*?\r?\n\r?\n([\s\S]*?)(?:\r?\n=\S{4})?\r?\n-----END/g,
  );
  const found = [...blocks].flatMap((match) => keysOf(Buffer.from(match[1] ?? '', 'base64')));
  if (found.length === 0) throw new Error('no OpenPGP key');
  return found;
}
