/** Questions to a person through inquirer, which is loaded with the first one. Asked on stderr: stdout is for results. */
import { CancelledError, UsageError } from '../errors.ts';
import type { Prompt } from './host.ts';

type Answered = { readonly value: unknown };
type Question = Readonly<Record<string, unknown>> & { readonly type: string; readonly message: string };

function toCancelled(error: unknown): unknown {
  const name = (error as Error | null)?.name;
  return name === 'ExitPromptError' || name === 'AbortPromptError'
    ? new CancelledError('interrupted at a question')
    : error;
}

/** Refuses to ask where nobody can answer: inquirer would wait for ever. */
export function createPrompt(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Prompt {
  const ask = async (question: Question): Promise<unknown> => {
    if (!input.isTTY) {
      throw new UsageError(`cannot ask "${question.message}": stdin is not a terminal`, {
        hint: 'answer with flags (see --help), or add --yes to accept the defaults',
      });
    }
    const { createPromptModule } = await import('inquirer');
    const prompt = createPromptModule({ input, output, signal });
    try {
      const questions = [{ name: 'value', ...question }] as unknown as Parameters<typeof prompt>[0];
      return ((await prompt(questions)) as Answered).value;
    } catch (error) {
      throw toCancelled(error);
    }
  };
  return {
    input: async (question) => String(await ask({ type: 'input', ...question })),
    password: async (question) => String(await ask({ type: 'password', mask: true, ...question })),
    confirm: async (question) => (await ask({ type: 'confirm', ...question })) === true,
    select: async (question) => String(await ask({ type: 'select', ...question })),
  };
}
