/** Speaks to a person who wants the result and the problems, and nothing in between. */
import { createHumanReporter } from './human-reporter.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** The human reporter without progress. */
export function createQuietReporter(options: ReporterOptions): Reporter {
  return { ...createHumanReporter(options), event: () => undefined, info: () => undefined };
}
