/** Makes lines of a container's log stream and merges the lines of several containers. */
import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '../provider.ts';
import type { Frame } from './frames.ts';

/** A line with the daemon's own time stamp (RFC 3339 with nine digits, so that text order is time order). */
export interface StampedLine extends LogLine {
  readonly stamp: string;
}

const STAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) /;

interface Pending {
  readonly decoder: StringDecoder;
  text: string;
  stamp: string;
}

/** Expects frames with time stamps; the daemon cuts long lines into several frames, each with its own stamp. */
export async function* readLines(service: string, frames: AsyncIterable<Frame>): AsyncGenerator<StampedLine> {
  const pending: Record<LogLine['stream'], Pending> = {
    stdout: { decoder: new StringDecoder('utf8'), text: '', stamp: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '', stamp: '' },
  };
  for await (const { stream, bytes } of frames) {
    const open = pending[stream];
    const piece = open.decoder.write(Buffer.from(bytes));
    const stamp = STAMP.exec(piece)?.[1];
    if (open.text === '') open.stamp = stamp ?? open.stamp;
    open.text += stamp === undefined ? piece : piece.slice(stamp.length + 1);
    const lines = open.text.split('\n');
    open.text = lines.pop() ?? '';
    for (const line of lines) yield { service, stream, text: line.replace(/\r$/, ''), stamp: open.stamp };
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const { text, stamp } = pending[stream];
    if (text !== '') yield { service, stream, text, stamp };
  }
}

/** Each line as soon as it comes, from whichever source. Ends when all have ended. */
export async function* mergeArrivals<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const next = async (index: number) => ({ index, result: await iterators[index]?.next() });
  const waiting = new Map(iterators.map((_, index) => [index, next(index)]));
  try {
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values());
      if (result === undefined || result.done === true) {
        waiting.delete(index);
        continue;
      }
      waiting.set(index, next(index));
      yield result.value;
    }
  } finally {
    // Not awaited: a source that waits for its next item returns only when its stream is closed.
    for (const promise of waiting.values()) promise.catch(() => {});
    for (const iterator of iterators) iterator.return?.().catch(() => {});
  }
}

/** Lines of several ended streams in order of time; each source is in order itself. */
export async function* mergeByTime(
  sources: readonly AsyncIterable<StampedLine>[],
): AsyncGenerator<StampedLine> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    let best = -1;
    let bestStamp = '';
    for (const [index, head] of heads.entries()) {
      if (head.done !== true && (best === -1 || head.value.stamp < bestStamp)) {
        best = index;
        bestStamp = head.value.stamp;
      }
    }
    const head = heads[best];
    const iterator = iterators[best];
    if (head === undefined || iterator === undefined || head.done === true) return;
    yield head.value;
    heads[best] = await iterator.next();
  }
}
