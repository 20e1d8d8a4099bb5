/** Carries a plan out: everything in its order, and the way back when something fails or the user interrupts. Decides nothing. */

import pLimit from 'p-limit';
import { ApplyError, CancelledError, EnvironmentError } from '../errors.ts';
import type { Operation, OperationKind, Plan } from '../plan/operations.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { createJournal, type Journal, rollBack } from './journal.ts';
import { runGraph } from './run-graph.ts';
import { runOperation } from './run-operation.ts';

export interface ApplyOptions {
  readonly signal: AbortSignal;
  /** Leave what this run has made as it is, for a look at it. */
  readonly keepOnFailure: boolean;
}

const ACTIONS = {
  pull: 'pull',
  install: 'install',
  'write-files': 'write',
  'write-secrets': 'write',
  'create-user': 'create',
  'create-network': 'create',
  'create-volume': 'create',
  'set-aside': 'set aside',
  stop: 'stop',
  create: 'create',
  start: 'start',
  restart: 'restart',
  reload: 'reload',
  wait: 'wait',
  'ensure-roles': 'ensure roles',
  remove: 'remove',
} as const satisfies Record<OperationKind, string>;

/** `either` ends this operation: with the user's `signal`, or because another operation failed. */
async function runReported(
  deps: ApplyDeps,
  journal: Journal,
  operation: Operation,
  { either, signal }: { readonly either: AbortSignal; readonly signal: AbortSignal },
): Promise<void> {
  const event = { resource: operation.resource, action: ACTIONS[operation.kind] };
  deps.reporter.event({ ...event, status: 'started' });
  try {
    await runOperation(deps, journal, operation, either);
    deps.reporter.event({ ...event, status: 'done' });
  } catch (error) {
    const detail = signal.aborted ? 'interrupted' : 'given up, another step failed';
    deps.reporter.event({ ...event, status: 'failed', ...(either.aborted && { detail }) });
    throw error;
  }
}

/**
 * To start a container is processor time of the engine. More at once than half the processors slow down the heaviest
 * service, which was started first and decides how long everything takes (measured on two: 3.2 s instead of 3.7 s).
 */
function startsAtOnce(cpuCount: number): number {
  return Math.max(1, Math.floor(cpuCount / 2));
}

/** The same error with the outcome in its message. Anything unknown passes: it is a bug and its stack is needed. */
function withOutcome(error: unknown, outcome: string): unknown {
  if (error instanceof ApplyError) {
    const { message, operation, code, hint, cause, logLines } = error;
    return new ApplyError(`${message}; ${outcome}`, operation, {
      code,
      cause,
      logLines,
      ...(hint !== undefined && { hint }),
    });
  }
  if (error instanceof EnvironmentError) {
    const { message, code, hint, cause } = error;
    return new EnvironmentError(`${message}; ${outcome}`, {
      code,
      cause,
      ...(hint !== undefined && { hint }),
    });
  }
  return error instanceof CancelledError ? new CancelledError(`interrupted; ${outcome}`) : error;
}

/**
 * Resolves when everything is done and serves. Otherwise rolls back what this run has made (data and generated secrets
 * that belong to kept data stay; nothing, once old containers are being removed) and rejects with the first failure: ApplyError, EnvironmentError or CancelledError.
 */
export async function applyPlan(deps: ApplyDeps, plan: Plan, options: ApplyOptions): Promise<void> {
  const journal = createJournal(plan);
  const { signal, keepOnFailure } = options;
  try {
    const starts = pLimit(startsAtOnce(deps.host.cpuCount));
    const run = (operation: Operation, either: AbortSignal) => {
      const work = () => runReported(deps, journal, operation, { either, signal });
      return operation.kind === 'start' ? starts(work) : work();
    };
    await runGraph(plan.operations, run, signal);
  } catch (thrown) {
    const error = signal.aborted ? new CancelledError() : thrown;
    if (journal.isFinal)
      throw withOutcome(error, 'everything serves, but something old is left: run `pgmon up` again');
    if (journal.undos.length === 0) throw withOutcome(error, 'nothing was changed');
    if (keepOnFailure) throw withOutcome(error, 'everything is left as it is (--keep-on-failure)');
    const isComplete = await rollBack(deps, journal);
    const outcome = isComplete
      ? 'what this run had changed is rolled back'
      : 'not everything could be rolled back: run `pgmon up` again, or `pgmon down`';
    throw withOutcome(error, outcome);
  }
}
