/** Chooses how pgmon speaks in this run. */
import { createHumanReporter } from './human-reporter.ts';
import { createJsonReporter } from './json-reporter.ts';
import { createQuietReporter } from './quiet-reporter.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** `--json` wins over `--quiet`. */
export function createReporter(options: ReporterOptions): Reporter {
  if (options.json) return createJsonReporter(options);
  return options.quiet ? createQuietReporter(options) : createHumanReporter(options);
}
