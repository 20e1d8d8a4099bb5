/** Takes apart the stream in which the daemon mixes a container's stdout and stderr: an 8-byte header before each piece. */

export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 8;
const STDERR = 2;

/** A container with a terminal sends no headers: its bytes pass as stdout. */
function isHeader(bytes: Buffer): boolean {
  return bytes.readUInt8(0) <= STDERR && bytes.readUIntBE(1, 3) === 0;
}

/** Frames as they arrive; the reader's pace holds the daemon back. Rejects when the stream ends inside a frame. */
export async function* readFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  let isRaw = false;
  for await (const chunk of source) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    while (!isRaw && rest.length >= HEADER_BYTES) {
      if (!isHeader(rest)) {
        isRaw = true;
        break;
      }
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield {
        stream: rest.readUInt8(0) === STDERR ? 'stderr' : 'stdout',
        bytes: rest.subarray(HEADER_BYTES, end),
      };
      rest = rest.subarray(end);
    }
    if (isRaw && rest.length > 0) {
      yield { stream: 'stdout', bytes: rest };
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0)
    throw Object.assign(new Error('the stream ended inside a frame'), { code: 'ECONNRESET' });
}
