/** `pgmon init`: asks a few questions, each of which has a flag, and writes a commented spec. */
import path from 'node:path';
import { EnvironmentError, EXIT_CODES, SpecError, UsageError } from '../errors.ts';
import type { CommandResult } from '../output/reporter.ts';
import { parseWholeSpec } from '../spec/parse-whole-spec.ts';
import { writeSpec } from '../spec/write-spec.ts';
import type { CommandContext } from './context.ts';
import type { InitOptions } from './init-options.ts';
import { askInitQuestions } from './init-questions.ts';

async function refuseToOverwrite(
  { host }: CommandContext,
  file: string,
  typed: string,
  force: boolean,
): Promise<void> {
  const found = await onDisk(host.fs.stat(file), typed);
  if (found === null) return;
  if (found.kind === 'directory')
    throw new UsageError(`${typed} is a directory`, { hint: 'name a file with -f' });
  if (!force)
    throw new UsageError(`${typed} exists already`, {
      hint: 'overwrite it with --force, or name another file with -f',
    });
}

/** Runs `work`; a failure of the disk becomes an error that names the file as it was typed. */
async function onDisk<T>(work: Promise<T>, typed: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const hint = 'choose a place that can be written with -f';
    throw new EnvironmentError(`cannot write ${typed}: ${code}`, { hint, cause });
  }
}

/** Writes the spec and says what to do next. Rejects with UsageError when the file exists or nobody can be asked. */
export async function init(context: CommandContext, options: InitOptions): Promise<CommandResult> {
  const file = path.resolve(context.host.cwd, options.file);
  await refuseToOverwrite(context, file, options.file, options.force);
  const answers = await askInitQuestions(context.host, options);
  const text = writeSpec(answers);
  const parsed = await parseWholeSpec(text, options.file);
  if (!parsed.ok) throw new SpecError(parsed.issues, { hint: 'answer differently; nothing was written' });
  await onDisk(context.host.fs.writeAtomic(file, text), options.file);
  const fileFlag = options.file === 'pgmon.yaml' ? '' : ` -f ${options.file}`;
  const sudo = answers.runtime === 'native' ? 'sudo ' : '';
  return {
    exitCode: EXIT_CODES.done,
    text: `wrote ${options.file}\nnext: pgmon validate${fileFlag} && ${sudo}pgmon up${fileFlag}\n`,
    json: { file, name: answers.name, server: answers.server.kind },
  };
}
