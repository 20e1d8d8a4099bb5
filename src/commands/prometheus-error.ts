/** The words for a Prometheus that does not answer a command which only shows what it has. */
import { EnvironmentError, PgmonError } from '../errors.ts';
import { causeOf } from '../verify/causes.ts';
import type { StackOptions } from './context.ts';
import { nextCommand } from './next-command.ts';

/** Errors of pgmon's own pass; anything else means that Prometheus could not be asked. */
export function toPrometheusError(error: unknown, stackName: string, options: StackOptions): PgmonError {
  if (error instanceof PgmonError) return error;
  return new EnvironmentError(
    `cannot ask the Prometheus of stack ${stackName}: ${causeOf(error, 'prometheus').words}`,
    {
      code: 'prometheus-not-asked',
      hint: `start the stack with \`${nextCommand('up', options)}\`; if it runs, see \`${nextCommand('status', options)}\``,
      cause: error,
    },
  );
}
