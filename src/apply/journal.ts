/** What a run has done so far, each thing with its way back. Rolling back undoes only what stands here. */
import type { Plan } from '../plan/operations.ts';
import type { ApplyDeps } from './apply-deps.ts';

/** In this order; within one phase everything happens at once, newest entry first. */
export const UNDO_PHASES = [
  'roles',
  'containers',
  'resources',
  'files',
  'names',
  'services',
  'machine',
] as const;
export type UndoPhase = (typeof UNDO_PHASES)[number];

export interface Undo {
  readonly phase: UndoPhase;
  readonly resource: string;
  readonly run: () => Promise<void>;
}

export interface Journal {
  /** Container that this run made, by service. */
  readonly created: Map<string, string>;
  /** Services that this run has seen serving. */
  readonly ready: Set<string>;
  /** Keys of volumes that are not there: those that the plan makes, until it has; again once rolling back has removed them. */
  readonly absentVolumes: Set<string>;
  /** True once something was removed that rolling back would need: everything serves by then, and nothing is undone. */
  isFinal: boolean;
  /** All values, once this run has completed them. */
  secrets: ReadonlyMap<string, string> | null;
  readonly undos: Undo[];
}

export function createJournal(plan: Plan): Journal {
  const planned = plan.operations.flatMap((one) => (one.kind === 'create-volume' ? [one.key] : []));
  return {
    created: new Map(),
    ready: new Set(),
    absentVolumes: new Set(planned),
    isFinal: false,
    secrets: null,
    undos: [],
  };
}

/**
 * Undoes everything; a step that fails is reported and does not stop the others. Only when a container could not be
 * removed, the rest stays: it may still use the files. True when nothing failed.
 */
export async function rollBack(
  { reporter }: Pick<ApplyDeps, 'reporter'>,
  journal: Journal,
): Promise<boolean> {
  let isComplete = true;
  for (const phase of UNDO_PHASES) {
    let isPhaseComplete = true;
    const undos = journal.undos.filter((undo) => undo.phase === phase).reverse();
    await Promise.all(
      undos.map(async ({ resource, run }) => {
        reporter.event({ resource, action: 'roll back', status: 'started' });
        try {
          await run();
          reporter.event({ resource, action: 'roll back', status: 'done' });
        } catch (error) {
          isPhaseComplete = false;
          const reason = error instanceof Error ? error.message : String(error);
          reporter.event({ resource, action: 'roll back', status: 'failed', detail: reason });
          reporter.warn(`could not roll back ${resource}: ${reason}`);
        }
      }),
    );
    isComplete &&= isPhaseComplete;
    if (phase === 'containers' && !isPhaseComplete) return false;
  }
  return isComplete;
}
