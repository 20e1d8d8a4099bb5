/** The command table, in the order in which help lists it. */
import { ALERT_COMMANDS } from './alert-commands.ts';
import type { CommandEntry } from './command-entry.ts';
import { DASHBOARDS_COMMANDS } from './dashboards-commands.ts';
import { IMAGE_COMMANDS } from './image-commands.ts';
import { INIT_COMMAND } from './init-command.ts';
import { QUERIES_COMMAND } from './queries-command.ts';
import { REPORT_COMMAND } from './report-command.ts';
import { ROLE_COMMANDS } from './role-commands.ts';
import { RULES_COMMANDS } from './rules-commands.ts';
import { SPEC_COMMANDS } from './spec-commands.ts';
import { STACK_COMMANDS } from './stack-commands.ts';
import { TOP_COMMAND } from './top-command.ts';

export const COMMANDS: readonly CommandEntry[] = [
  INIT_COMMAND,
  ...SPEC_COMMANDS,
  ...STACK_COMMANDS,
  TOP_COMMAND,
  REPORT_COMMAND,
  QUERIES_COMMAND,
  ...RULES_COMMANDS,
  ALERT_COMMANDS,
  DASHBOARDS_COMMANDS,
  ROLE_COMMANDS,
  IMAGE_COMMANDS,
];
