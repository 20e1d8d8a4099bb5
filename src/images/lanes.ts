/** Runs work over a list with a fixed number of workers. */

/** Results in the order of `items`. The first failure stops the queue and is thrown once all running work has ended. */
export async function inLanes<T, R>(
  items: readonly T[],
  laneCount: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        results[next[0]] = await work(next[1]);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: laneCount }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}
