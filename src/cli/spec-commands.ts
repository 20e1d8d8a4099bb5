/** Commands that read a spec and touch files at most: their flags and how these become options. */
import type { RunnableEntry } from './command-entry.ts';
import { globalOptions, isSet, stackOptions } from './flags.ts';

export const SPEC_COMMANDS: readonly RunnableEntry[] = [
  {
    kind: 'command',
    usage: 'validate',
    summary: 'check the spec and print every problem at once',
    isStackCommand: true,
    examples: ['pgmon validate', 'pgmon validate -f stacks/demo.yaml --json'],
    run: async (context, values) =>
      (await import('../commands/validate.ts')).validate(context, stackOptions(values)),
  },
  {
    kind: 'command',
    usage: 'render',
    summary: 'write every configuration file of the stack',
    description:
      'Write every configuration file of the stack. With `runtime: native` the output directory is a tree like the machine (etc/pgmon/..., etc/systemd/system/...), ready to be copied to it.',
    flags: [
      { syntax: '--check', description: 'write nothing; exit 10 when the files differ from the spec' },
      {
        syntax: '--script',
        description:
          'with `runtime: native`: print a shell script that installs the stack, and write nothing',
      },
    ],
    isStackCommand: true,
    examples: [
      'pgmon render',
      'pgmon render -o build/monitoring',
      'pgmon render --check',
      'pgmon render --script > install.sh',
    ],
    run: async (context, values) => {
      const { render } = await import('../commands/render.ts');
      return render(context, {
        ...stackOptions(values),
        check: isSet(values, 'check'),
        script: isSet(values, 'script'),
      });
    },
  },
  {
    kind: 'command',
    usage: 'schema',
    summary: 'print the JSON Schema of the spec, for editors',
    examples: ['pgmon schema > pgmon.schema.json'],
    run: async (context, values) =>
      (await import('../commands/schema.ts')).schema(context, globalOptions(values)),
  },
];
