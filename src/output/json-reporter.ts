/** Speaks to a program: exactly one JSON document on stdout, also on failure. */
import { errorJson } from './format-error.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

const SCHEMA_VERSION = 1;

/** Progress is dropped; warnings are kept for the document. */
export function createJsonReporter({ stdout, debug }: ReporterOptions): Reporter {
  const warnings: string[] = [];
  const write = (command: string, ok: boolean, content: Readonly<Record<string, unknown>>) => {
    const document = { schemaVersion: SCHEMA_VERSION, command, ok, ...content, warnings };
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  };
  return {
    useColour: false,
    event: () => undefined,
    warn: (message) => {
      warnings.push(message);
    },
    info: () => undefined,
    result: (command, { exitCode, json }) => write(command, exitCode === 0, json),
    error: (command, error) => write(command, false, { error: errorJson(error, debug) }),
  };
}
