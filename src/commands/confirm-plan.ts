/** Shows what `up` is about to do to the machine itself, and asks. Containers can be thrown away; packages and users are another thing. */
import { CancelledError, UsageError } from '../errors.ts';
import { formatPlan } from '../plan/format-plan.ts';
import type { Plan } from '../plan/operations.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { nextCommand } from './next-command.ts';

/** Resolves when the plan may be carried out; otherwise rejects with UsageError or CancelledError, and nothing has changed. */
export async function confirmPlan(
  { host }: CommandContext,
  plan: Plan,
  options: StackOptions,
): Promise<void> {
  const isShown = !options.json && !(options.quiet && options.yes);
  if (isShown) host.stderr.write(formatPlan(plan));
  if (options.yes) return;
  if (!host.stdin.isTTY) {
    throw new UsageError('this would change the machine itself, and there is nobody to ask', {
      hint: `look at it with \`${nextCommand('up', options)} --dry-run\`, then add --yes to confirm`,
    });
  }
  const isWanted = await host.prompt.confirm({ message: 'Change this machine so?', default: false });
  if (!isWanted) throw new CancelledError('not confirmed: nothing was changed');
}
