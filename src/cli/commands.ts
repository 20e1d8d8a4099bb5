/** The command table, in the order in which help lists it. */
import type { CommandEntry } from './command-entry.ts';
import { IMAGE_COMMANDS } from './image-commands.ts';
import { INIT_COMMAND } from './init-command.ts';
import { SPEC_COMMANDS } from './spec-commands.ts';
import { STACK_COMMANDS } from './stack-commands.ts';

export const COMMANDS: readonly CommandEntry[] = [
  INIT_COMMAND,
  ...SPEC_COMMANDS,
  ...STACK_COMMANDS,
  IMAGE_COMMANDS,
];
