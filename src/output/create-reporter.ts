/** Chooses how pgmon speaks in this run. */
import type { OutStream } from '../host/host.ts';
import { createHumanReporter } from './human-reporter.ts';
import { createJsonReporter } from './json-reporter.ts';
import { createQuietReporter } from './quiet-reporter.ts';
import type { Reporter } from './reporter.ts';

export interface ReporterOptions {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, for elapsed times. */
  readonly now: () => number;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}

/** `--json` wins over `--quiet`. */
export function createReporter(options: ReporterOptions): Reporter {
  if (options.json) return createJsonReporter(options);
  return options.quiet ? createQuietReporter(options) : createHumanReporter(options);
}
