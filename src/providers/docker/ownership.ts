/** Decides whether something in the daemon belongs to this stack, by its labels alone. Pure. */
import { COMPOSE_LABELS, PGMON_LABELS } from '../../conventions.ts';
import type { StackContext } from '../provider.ts';

export type Labels = Readonly<Record<string, string>> | null | undefined;

/** Same directory, perhaps by another path (a symlink); the caller knows the file system. */
export type IsSameDirectory = (a: string, b: string) => boolean;

/** Why it is not this stack's, in words; null when it is. */
export function foreignReason(
  labels: Labels,
  context: StackContext,
  isSameDirectory: IsSameDirectory,
): string | null {
  const project = labels?.[COMPOSE_LABELS.project];
  const stack = labels?.[PGMON_LABELS.stack];
  const workingDir = labels?.[COMPOSE_LABELS.workingDir];
  const place = workingDir === undefined ? '' : ` in ${workingDir}`;
  if (project === undefined) return 'it was not made by pgmon or Docker Compose';
  if (project !== context.stackName) return `it belongs to the Compose project ${project}${place}`;
  if (stack !== context.stackName)
    return `it belongs to the Compose project ${project}${place}, which pgmon did not make`;
  if (workingDir !== undefined && !isSameDirectory(workingDir, context.outDir)) {
    return `it belongs to the stack ${stack}${place}, not to the one in ${context.outDir}`;
  }
  return null;
}
