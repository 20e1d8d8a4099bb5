/** How an error looks to a person and to a program. */
import { ApplyError, type PgmonError, SpecError } from '../errors.ts';
import { formatIssue } from '../spec/issues.ts';

/** Every problem on a line of its own, before the message. */
function detailLines(error: PgmonError): readonly string[] {
  if (error instanceof SpecError) return error.issues.map(formatIssue);
  if (error instanceof ApplyError) return error.logLines.map((line) => `  | ${line}`);
  return [];
}

function causeLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error && lines.length < 200; at = at.cause) {
    lines.push(
      ...(at.stack ?? String(at))
        .split('\n')
        .map((line, i) => (i === 0 && at !== error ? `caused by ${line}` : line)),
    );
  }
  return lines;
}

/** Details, `error: …`, `hint: …`, and with `isDebug` the stacks of the error and of what caused it. */
export function formatError(error: PgmonError, isDebug: boolean): string {
  const lines = [
    ...detailLines(error),
    `error: ${error.message}`,
    ...(error.hint === undefined ? [] : [`hint: ${error.hint}`]),
    ...(isDebug ? causeLines(error) : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The `error` member of a `--json` document. */
export function errorJson(error: PgmonError, isDebug: boolean): Readonly<Record<string, unknown>> {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    ...(error instanceof SpecError && { issues: error.issues }),
    ...(error instanceof ApplyError && { operation: error.operation, logLines: error.logLines }),
    ...(isDebug && { stack: causeLines(error) }),
  };
}
