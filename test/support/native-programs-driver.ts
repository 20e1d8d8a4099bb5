/** Runs single functions of src/providers/native/programs inside a test machine, as `pgmon up` would. Bundled by the test. */
import { createNodeHost } from '../../src/host/node-host.ts';
import { installProgram, uninstallProgram } from '../../src/providers/native/programs/install-program.ts';
import { observePrograms } from '../../src/providers/native/programs/observe-programs.ts';
import { removePrograms } from '../../src/providers/native/programs/remove-programs.ts';
import type { Program } from '../../src/stack/native.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';

const { signal } = new AbortController();
const host = createNodeHost({ signal });

/** Several programs at once, as the operations of a plan run. */
async function answer(verb: string, programs: readonly Program[]): Promise<unknown> {
  switch (verb) {
    case 'install':
      return Promise.all(programs.map((program) => installProgram(host, program, signal)));
    case 'uninstall':
      return Promise.all(programs.map((program) => uninstallProgram(host, program, signal)));
    case 'observe': {
      const services = programs.map(
        (program) => ({ image: program.component, program }) as unknown as Service,
      );
      const startMs = performance.now();
      const { images, obstacles } = await observePrograms(host, services, signal);
      return { images: Object.fromEntries(images), obstacles, ms: performance.now() - startMs };
    }
    case 'purge':
      return removePrograms(host, 'app', signal);
    default:
      throw new Error(`unknown verb ${verb}`);
  }
}

const [verb = '', text = '[]'] = process.argv.slice(2);
const outcome = await answer(verb, JSON.parse(text) as Program[]).then(
  (value) => ({ value: value ?? null }),
  (error: Error & { code?: string; hint?: string }) => ({
    error: { message: error.message, code: error.code ?? error.stack, hint: error.hint },
  }),
);
process.stdout.write(JSON.stringify(outcome));
