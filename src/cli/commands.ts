/** The command table, in the order in which help lists it. */
import { ALERT_COMMANDS } from './alert-commands.ts';
import type { CommandEntry } from './command-entry.ts';
import { IMAGE_COMMANDS } from './image-commands.ts';
import { INIT_COMMAND } from './init-command.ts';
import { ROLE_COMMANDS } from './role-commands.ts';
import { RULES_COMMANDS } from './rules-commands.ts';
import { SPEC_COMMANDS } from './spec-commands.ts';
import { STACK_COMMANDS } from './stack-commands.ts';

export const COMMANDS: readonly CommandEntry[] = [
  INIT_COMMAND,
  ...SPEC_COMMANDS,
  ...STACK_COMMANDS,
  ...RULES_COMMANDS,
  ALERT_COMMANDS,
  ROLE_COMMANDS,
  IMAGE_COMMANDS,
];
