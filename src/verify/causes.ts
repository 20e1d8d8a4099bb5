/** Says in plain words why a connection failed, and which step comes next. Error codes decide; text only where a program gives nothing else. */
import { PgmonError } from '../errors.ts';
import { oneLine } from './clean-text.ts';
import { KNOWN_CAUSES } from './known-causes.ts';

export interface Cause {
  /** Stable name, e.g. `password`. */
  readonly kind: string;
  readonly words: string;
  readonly hint: string;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** The message; Node puts several into an AggregateError when a name has several addresses. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** The cause behind an error or behind a program's message; null when it is none of the common ones. `where` names the thing asked. */
export function findCause(problem: unknown, where: string): Cause | null {
  const code = codeOf(problem);
  // Logs quote messages: \" inside.
  const text = (typeof problem === 'string' ? problem : messageOf(problem)).replaceAll('\\"', '"');
  // 28000 covers both a missing role and a missing pg_hba.conf line, so its text is asked first.
  const known =
    (code === '28000' ? KNOWN_CAUSES.find((each) => each.text.test(text)) : undefined) ??
    KNOWN_CAUSES.find((each) => code !== '' && each.codes.includes(code)) ??
    KNOWN_CAUSES.find((each) => each.text.test(text));
  return known === undefined ? null : { kind: known.kind, words: known.words, hint: known.hint(where) };
}

/** Like `findCause`, but for the unknown ones shows the message itself. */
export function causeOf(problem: unknown, where: string): Cause {
  const found = findCause(problem, where);
  if (found !== null) return found;
  // Ours say themselves what to do.
  if (problem instanceof PgmonError && problem.hint !== undefined) {
    return { kind: problem.code, words: oneLine(problem.message), hint: problem.hint };
  }
  const text = oneLine(typeof problem === 'string' ? problem : messageOf(problem));
  return {
    kind: 'other',
    words: text === '' ? 'failed without a message' : text,
    hint: `look at ${where} and its log`,
  };
}
