/** Flags as data, and how the parsed ones are read. */
import type { GlobalOptions, StackOptions } from '../commands/context.ts';
import { DEFAULT_SPEC_FILE } from '../conventions.ts';
import { collectNames } from './values.ts';

export interface Flag {
  /** As commander writes it: `-f, --file <spec>`. */
  readonly syntax: string;
  readonly description: string;
  /** Turns the text into a value; throws InvalidArgumentError. `previous` is the value so far. */
  readonly parse?: (text: string, previous: never) => unknown;
}

/** Flag values by camelCase name, as commander hands them over; a flag that was not given is absent. */
export type FlagValues = Readonly<Record<string, unknown>>;

export const GLOBAL_FLAGS: readonly Flag[] = [
  { syntax: '-f, --file <spec>', description: `the spec (default: ./${DEFAULT_SPEC_FILE})` },
  { syntax: '--json', description: 'print one JSON document on stdout' },
  { syntax: '-y, --yes', description: 'answer every question with its default, confirm what asks for it' },
  { syntax: '-q, --quiet', description: 'print the result and problems only' },
  { syntax: '--debug', description: 'print the stack and the causes of an error' },
];

export const STACK_FLAGS: readonly Flag[] = [
  {
    syntax: '-o, --out <dir>',
    description:
      'the directory for rendered files (default: .pgmon/<stack> beside the spec; with `runtime: native` only `render` takes it)',
  },
  {
    syntax: '--without <components>',
    description: 'leave these out of this run, e.g. grafana (comma-separated, repeatable)',
    parse: collectNames,
  },
];

/** The value as text, or undefined when the flag was not given. */
export function textOf(values: FlagValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The value as a number, or undefined when the flag was not given. */
export function numberOf(values: FlagValues, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}

/** The values of a flag that collects names; none when it was not given. */
export function namesOf(values: FlagValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function isSet(values: FlagValues, name: string): boolean {
  return values[name] === true;
}

/** Options that every command has. */
export function globalOptions(values: FlagValues): GlobalOptions {
  return {
    file: textOf(values, 'file') ?? DEFAULT_SPEC_FILE,
    json: isSet(values, 'json'),
    yes: isSet(values, 'yes'),
    quiet: isSet(values, 'quiet'),
    debug: isSet(values, 'debug'),
  };
}

/** Options of commands that work on a stack. */
export function stackOptions(values: FlagValues): StackOptions {
  const out = textOf(values, 'out');
  return {
    ...globalOptions(values),
    ...(out !== undefined && { out }),
    without: namesOf(values, 'without'),
  };
}
