/** How `init` gets an answer: from a flag, then from a person, then (with `--yes`) the default. */
import { UsageError } from '../errors.ts';
import type { Host } from '../host/host.ts';

/** Answered by a flag, a person or the default. */
export interface TextQuestion {
  readonly flag: string;
  readonly given: string | undefined;
  readonly message: string;
  readonly standard: string;
  readonly check: (value: string) => string | null;
}

/** Every answer is checked; what a flag says wrong is a UsageError. */
export interface Asker {
  text(question: TextQuestion): Promise<string>;
  confirm(question: {
    flag: string;
    given: boolean | undefined;
    message: string;
    standard: boolean;
  }): Promise<boolean>;
  select(message: string, choices: readonly { name: string; value: string }[]): Promise<string>;
}

const FLAGS =
  '--name, --bundled or --host, --port, --database, --user, --password-env, --password-file or --passwordless, --environment, --webhook, --[no-]grafana';

/** `isYes`: nobody is asked, and what no flag says has its default. Without a terminal and without it each question is a UsageError. */
export function createAsker({ prompt, stdin }: Host, isYes: boolean): Asker {
  const mustAsk = (flag: string): void => {
    if (stdin.isTTY) return;
    throw new UsageError(`${flag} is not given and there is no terminal to ask on`, {
      hint: `give the answers as flags (${FLAGS}) or take the defaults with --yes`,
    });
  };
  return {
    async text({ flag, given, message, standard, check }) {
      const wrong = given === undefined ? null : check(given);
      if (wrong !== null) throw new UsageError(`${flag} ${wrong}`);
      if (given !== undefined) return given;
      if (isYes) return standard;
      mustAsk(flag);
      return await prompt.input({ message, default: standard, validate: (value) => check(value) ?? true });
    },
    async confirm({ flag, given, message, standard }) {
      if (given !== undefined) return given;
      if (isYes) return standard;
      mustAsk(flag);
      return await prompt.confirm({ message, default: standard });
    },
    select: async (message, choices) => await prompt.select({ message, choices }),
  };
}
