/** One row of the command table. */
import type { CommandContext } from '../commands/context.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { Flag, FlagValues } from './flags.ts';

export interface RunnableEntry {
  readonly kind: 'command';
  /** Name and arguments as commander writes them: `logs [services...]`. */
  readonly usage: string;
  readonly summary: string;
  readonly description?: string;
  readonly flags?: readonly Flag[];
  /** Takes --out and --without. */
  readonly isStackCommand?: boolean;
  readonly examples: readonly string[];
  /** Loads the command's module and calls it; `words` are the arguments. */
  readonly run: (
    context: CommandContext,
    values: FlagValues,
    words: readonly string[],
  ) => Promise<CommandResult>;
}

export interface GroupEntry {
  readonly kind: 'group';
  readonly usage: string;
  readonly summary: string;
  readonly commands: readonly RunnableEntry[];
}

export type CommandEntry = RunnableEntry | GroupEntry;
