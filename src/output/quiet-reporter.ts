/** Speaks to a person who wants the result and the problems, and nothing in between. */
import type { ReporterOptions } from './create-reporter.ts';
import { createHumanReporter } from './human-reporter.ts';
import type { Reporter } from './reporter.ts';

/** The human reporter without progress. */
export function createQuietReporter(options: ReporterOptions): Reporter {
  return { ...createHumanReporter(options), event: () => undefined, info: () => undefined };
}
