/** Runs operations as soon as what they need is done, all that can in parallel. Knows nothing about what they do. */
import { setMaxListeners } from 'node:events';

interface Node {
  readonly id: string;
  readonly needs: readonly string[];
}

/** An operation that was not run because one before it failed or the run was cancelled. */
class Skipped extends Error {}

/**
 * `nodes` must be in an order where each stands after what it needs; among those ready at once the earlier is begun first.
 * `run` gets a signal that is aborted with the first failure or with `signal`. Resolves or rejects only after everything
 * that was begun has ended; rejects with the first failure, or with the signal's reason when it left anything undone.
 */
export async function runGraph<N extends Node>(
  nodes: readonly N[],
  run: (node: N, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  // Every operation that runs listens to it; Node would take more than ten for a leak and say so on stderr.
  setMaxListeners(0, either);
  const failures: unknown[] = [];
  const ends = new Map<string, Promise<void>>();
  for (const node of nodes) {
    const begin = async () => {
      await Promise.all(node.needs.map((id) => ends.get(id)));
      if (either.aborted) throw new Skipped();
      await run(node, either);
    };
    const end = begin();
    end.catch((error: unknown) => {
      if (error instanceof Skipped) return;
      failures.push(error);
      failed.abort(error);
    });
    ends.set(node.id, end);
  }
  const outcomes = await Promise.allSettled(ends.values());
  if (failures.length > 0) throw failures[0];
  // Aborted after the last one had begun: everything is done all the same.
  if (outcomes.some(({ status }) => status === 'rejected')) signal.throwIfAborted();
}
