/** The errors that stop a command, each with its exit code. Anything else that is thrown is a pgmon bug. */
import type { SpecIssue } from './spec/issues.ts';

export const EXIT_CODES = {
  done: 0,
  bug: 1,
  usage: 2,
  spec: 3,
  environment: 4,
  apply: 5,
  verify: 6,
  differences: 10,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export interface ErrorDetails {
  /** Stable machine-readable name for `--json` (`error.code`), in kebab-case. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** The next command or edit that helps. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Base of every error a user can cause or meet: message = what failed + where + value seen. */
export class PgmonError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.hint = details.hint;
  }
}

type Extra = { readonly code?: string; readonly hint?: string; readonly cause?: unknown };

/** Wrong command line. */
export class UsageError extends PgmonError {
  constructor(message: string, extra: Extra = {}) {
    super(message, { code: 'usage', ...extra, exitCode: EXIT_CODES.usage });
  }
}

/** The spec cannot be used; carries every problem found. */
export class SpecError extends PgmonError {
  readonly issues: readonly SpecIssue[];

  constructor(issues: readonly SpecIssue[], extra: Extra = {}) {
    const count = issues.length === 1 ? '1 problem' : `${issues.length} problems`;
    super(`the spec has ${count}`, { code: 'spec-invalid', ...extra, exitCode: EXIT_CODES.spec });
    this.issues = issues;
  }
}

/** The world around pgmon is not as needed: daemon, permission, port, image, disk, file. */
export class EnvironmentError extends PgmonError {
  constructor(message: string, extra: Extra = {}) {
    super(message, { code: 'environment', ...extra, exitCode: EXIT_CODES.environment });
  }
}

/** An operation of a plan failed; says what happened to what this run had made. */
export class ApplyError extends PgmonError {
  /** Id of the plan operation that failed. */
  readonly operation: string;
  readonly logLines: readonly string[];

  constructor(
    message: string,
    operation: string,
    extra: Extra & { readonly logLines?: readonly string[] } = {},
  ) {
    const { logLines = [], ...rest } = extra;
    super(message, { code: 'apply-failed', ...rest, exitCode: EXIT_CODES.apply });
    this.operation = operation;
    this.logLines = logLines;
  }
}

/** The user pressed Ctrl-C (or the signal was aborted for another reason). */
export class CancelledError extends PgmonError {
  constructor(message = 'interrupted', extra: Extra = {}) {
    super(message, { code: 'interrupted', ...extra, exitCode: EXIT_CODES.interrupted });
  }
}

/** Ends a `switch` over a union: compiles only when every member has a case. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}

/** System errors that the machine, not pgmon, is to blame for, in words. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'disk quota exceeded',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files in the system',
  EIO: 'input/output error',
};

/** What a system error's code means; null for one that is not known. */
export function systemWords(code: string | undefined): string | null {
  return code === undefined ? null : (SYSTEM_ERRORS[code] ?? null);
}

/** Why reading or writing failed, for a message: `permission denied (EACCES)`. */
export function systemReason(thrown: unknown): string {
  const { code } = thrown as NodeJS.ErrnoException;
  const words = systemWords(code);
  return words === null ? (code ?? 'unknown error') : `${words} (${code})`;
}
