/** Gives every thrown thing a place among pgmon's errors. */
import type { CommanderError } from 'commander';
import {
  CancelledError,
  EnvironmentError,
  EXIT_CODES,
  PgmonError,
  systemWords,
  UsageError,
} from '../errors.ts';

function systemError(thrown: Error): EnvironmentError | null {
  const { code, syscall, path } = thrown as NodeJS.ErrnoException;
  const reason = systemWords(code);
  if (reason === null) return null;
  const where = path === undefined ? '' : ` ${path}`;
  return new EnvironmentError(`cannot ${syscall ?? 'use'}${where}: ${reason} (${code})`, {
    code: 'system',
    hint: 'change permissions or free space there, or choose another place with -o',
    cause: thrown,
  });
}

/** Pgmon's own errors pass; after an interrupt everything else is its consequence; what remains is a bug of pgmon's. */
export function toPgmonError(thrown: unknown, isInterrupted: boolean): PgmonError {
  if (thrown instanceof PgmonError) return thrown;
  if (isInterrupted) return new CancelledError('interrupted', { cause: thrown });
  const known = thrown instanceof Error ? systemError(thrown) : null;
  if (known !== null) return known;
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new PgmonError(`this is a bug in pgmon: ${text.split('\n')[0]}`, {
    code: 'bug',
    exitCode: EXIT_CODES.bug,
    hint: "run the same command with --debug and report what it prints in pgmon's issue tracker",
    cause: thrown,
  });
}

/** Commander's complaint in pgmon's form: `error: ` is added by the reporter, its suggestion becomes the hint. */
export function toUsageError(error: CommanderError): UsageError {
  if (error.code === 'commander.help')
    return new UsageError('a command is missing', { hint: 'see `pgmon --help`', cause: error });
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  const hint = [suggestion, 'see `pgmon --help` or `pgmon <command> --help`']
    .filter((part) => part !== '')
    .join(' ');
  return new UsageError(first, { hint, cause: error });
}
