/** The command that a message names next, with the flags that this run was given, ready for a shell. Pure. */
import path from 'node:path';
import { DEFAULT_SPEC_FILE } from '../conventions.ts';
import type { StackOptions } from './context.ts';

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function nextCommand(
  command: string,
  { file, out, without }: Pick<StackOptions, 'file' | 'out' | 'without'>,
): string {
  const isDefault = path.normalize(file) === DEFAULT_SPEC_FILE;
  return [
    `pgmon ${command}`,
    ...(isDefault ? [] : ['-f', quoted(file)]),
    ...(out === undefined ? [] : ['-o', quoted(out)]),
    ...(without.length === 0 ? [] : ['--without', without.map(quoted).join(',')]),
  ].join(' ');
}

/** A hint with the commands in it as this run would have to name them. */
export function withFlags(hint: string, options: Parameters<typeof nextCommand>[1]): string {
  return hint.replace(
    /`pgmon ((?:up|status|logs|check)(?: [a-z-]+)*)`/g,
    (_, command: string) => `\`${nextCommand(command, options)}\``,
  );
}
