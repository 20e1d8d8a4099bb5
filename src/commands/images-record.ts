/** The lock file that the `images` commands leave beside the spec, where there is a spec. */
import path from 'node:path';
import type { ComponentName } from '../catalog/components.ts';
import { DEFAULT_SPEC_FILE, LOCK_FILE } from '../conventions.ts';
import { updateLock } from '../images/update-lock.ts';
import type { LockedImage } from '../stack/lock.ts';
import type { CommandContext, StackOptions } from './context.ts';

type Changed = Partial<Record<ComponentName, LockedImage>>;

function specPathOf(context: CommandContext, options: StackOptions): string {
  return path.resolve(context.host.cwd, options.file);
}

/** False when no spec was named and none is in the working directory: build and load work without one. */
export async function hasSpec(context: CommandContext, options: StackOptions): Promise<boolean> {
  if (options.file !== DEFAULT_SPEC_FILE) return true;
  return (await context.host.fs.stat(specPathOf(context, options))) !== null;
}

/** Records images; answers the path of the written lock file, or null when there is no spec to write it beside. */
export async function recordInLock(
  context: CommandContext,
  options: StackOptions,
  changed: Changed,
): Promise<string | null> {
  const specPath = specPathOf(context, options);
  const isRecorded = Object.keys(changed).length > 0 && (await context.host.fs.stat(specPath)) !== null;
  if (!isRecorded) return null;
  const lockPath = path.join(path.dirname(specPath), LOCK_FILE);
  await updateLock(context.host, lockPath, changed, context.version);
  return lockPath;
}

/** One line for each reference and where they are recorded. */
export function formatReferences(
  entries: readonly { readonly image: LockedImage }[],
  lockPath: string | null,
): string {
  const lines = entries.map(({ image }) => `${image.reference}\n`).join('');
  return lockPath === null ? lines : `${lines}Recorded in ${lockPath}. Next: pgmon up\n`;
}
