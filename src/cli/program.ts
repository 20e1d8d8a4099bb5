/** Builds the commander program from the command table. Knows nothing about what the commands do. */
import { Command } from 'commander';
import type { CommandContext, GlobalOptions } from '../commands/context.ts';
import { EXIT_CODES } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { CommandResult } from '../output/reporter.ts';
import type { CommandEntry } from './command-entry.ts';
import { COMMANDS } from './commands.ts';
import { type Flag, type FlagValues, GLOBAL_FLAGS, globalOptions, STACK_FLAGS } from './flags.ts';

/** Runs one chosen command: its full name, the options that decide how to speak, and the work. */
export type RunCommand = (
  name: string,
  options: GlobalOptions,
  execute: (context: CommandContext) => Promise<CommandResult>,
) => Promise<number>;

const EXIT_CODE_HELP = `
Exit codes:
  ${EXIT_CODES.done}  done                     ${EXIT_CODES.apply}    apply failed (the message says what was rolled back)
  ${EXIT_CODES.bug}  bug in pgmon             ${EXIT_CODES.verify}    the stack runs, a check does not pass
  ${EXIT_CODES.usage}  wrong command line       ${EXIT_CODES.differences}   diff or render --check found differences
  ${EXIT_CODES.spec}  spec invalid             ${EXIT_CODES.interrupted}  interrupted
  ${EXIT_CODES.environment}  environment: Docker, port, permission, file
`;

function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const { syntax, description, parse } of flags) {
    if (parse === undefined) command.option(syntax, description);
    else command.option(syntax, description, parse as (text: string, previous: unknown) => unknown);
  }
}

function examplesHelp(examples: readonly string[]): string {
  return `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((line) => `  ${line}`).join('\n')}\n`;
}

/** A flag may stand before or after the command's name; the one nearer to the command wins. */
function flagValues(command: Command): FlagValues {
  const chain: Command[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) chain.unshift(at);
  return Object.assign({}, ...chain.map((link) => link.opts()));
}

function fullName(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

function addCommand(parent: Command, entry: CommandEntry, runCommand: RunCommand): void {
  const command = parent.command(entry.usage).summary(entry.summary).description(entry.summary);
  if (entry.kind === 'group') {
    for (const child of entry.commands) addCommand(command, child, runCommand);
    return;
  }
  if (entry.description !== undefined) command.description(entry.description);
  addFlags(command, entry.flags ?? []);
  if (entry.isStackCommand === true) addFlags(command, STACK_FLAGS);
  addFlags(command, GLOBAL_FLAGS);
  command.addHelpText('after', examplesHelp(entry.examples));
  command.action(async () => {
    const values = flagValues(command);
    const words = command.processedArgs.flat().filter((word): word is string => typeof word === 'string');
    await runCommand(fullName(command), globalOptions(values), (context) =>
      entry.run(context, values, words),
    );
  });
}

/** Help and `--version` go to the host's stdout; complaints are thrown as CommanderError and printed by the caller. */
export function createProgram(host: Host, version: string, runCommand: RunCommand): Command {
  const program = new Command('pgmon')
    .description('PostgreSQL monitoring from one spec: rendered files, a running stack, every hop proved.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .enablePositionalOptions(false)
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addFlags(program, GLOBAL_FLAGS);
  for (const entry of COMMANDS) addCommand(program, entry, runCommand);
  program.addHelpText(
    'after',
    examplesHelp(['pgmon init --yes', 'pgmon up', 'pgmon check --json']) + EXIT_CODE_HELP,
  );
  return program;
}
