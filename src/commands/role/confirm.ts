/** Shows what a `role` command will do and asks whether it may. */
import { CancelledError, UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import type { RoleOptions } from './role-context.ts';
import { formatOutcomes, type RoleOutcome } from './role-text.ts';

export interface Question {
  readonly planned: readonly RoleOutcome[];
  readonly message: string;
  /** What the default answer is. */
  readonly isHarmless: boolean;
}

/** Throws unless `--yes` was given or a person agrees. */
export async function confirmRoles(
  { host, reporter }: CommandContext,
  options: RoleOptions,
  { planned, message, isHarmless }: Question,
): Promise<void> {
  if (options.yes) return;
  for (const line of formatOutcomes(planned).trimEnd().split('\n')) reporter.info(line);
  if (!host.stdin.isTTY) {
    throw new UsageError('this changes roles on your servers', { hint: 'add --yes to confirm' });
  }
  if (!(await host.prompt.confirm({ message, default: isHarmless }))) {
    throw new CancelledError('not confirmed: nothing was changed');
  }
}
