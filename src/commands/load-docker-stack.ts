/** For commands that only make sense with containers. */
import { UsageError } from '../errors.ts';
import type { CommandContext, StackOptions } from './context.ts';
import { type LoadedStack, type LoadSettings, loadStack } from './load-stack.ts';

/** `loadStack`; rejects with UsageError for a native stack, which runs programs instead of images. */
export async function loadDockerStack(
  context: CommandContext,
  options: StackOptions,
  settings: LoadSettings = {},
): Promise<LoadedStack> {
  const loaded = await loadStack(context, options, settings);
  if (loaded.stack.runtime === 'docker') return loaded;
  throw new UsageError(`stack ${loaded.stack.name} has \`runtime: native\` and runs no images`, {
    hint: 'where its programs come from is said by `native.binaries` in the spec; `pgmon up --dry-run` shows what is missing',
  });
}
