/** Opens the daemon's connection while the rest of a command begins; it takes as long as reading the spec and rendering. */
import { readRuntime } from '../spec/stack-name.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { readSpecFile } from './read-spec-file.ts';

/** Never rejects: whoever awaits the provider, or reads the spec, first gets the failure. */
export async function beginProvider(context: CommandContext, options: StackOptions): Promise<void> {
  try {
    const runtime = readRuntime(await readSpecFile(context.host, options.file));
    await context.provider(runtime);
  } catch {
    // See above.
  }
}
