/** Merges the log lines of several services into one sequence. */
import type { LogLine } from './provider.ts';

/** A line with its time, written so that text order is time order within one runtime. */
export interface StampedLine extends LogLine {
  readonly stamp: string;
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
