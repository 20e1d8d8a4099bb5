/** Asks before `down` deletes what cannot be had back. */
import type { PurgePlan } from '../apply/purge-stack.ts';
import { CancelledError, UsageError } from '../errors.ts';
import type { ObservedWorld } from '../providers/provider.ts';
import type { CommandContext, StackOptions } from './context.ts';

interface Doomed {
  readonly world: ObservedWorld;
  /** Null without `--purge`. */
  readonly purge: PurgePlan | null;
}

function purgeWords({ files, users, runtime, keepsData }: PurgePlan): string {
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  const who = keepsData || users.length === 0 ? '' : `, ${users.map((name) => `user ${name}`).join(', ')}`;
  const programs = runtime === 'native' ? ' and the programs that pgmon installed' : '';
  return `${count}${who}${programs}`;
}

/** Resolves when everything may go; rejects with UsageError where nobody can be asked, CancelledError when refused. */
export async function confirmRemoval(
  { host }: CommandContext,
  { volumes, yes }: Pick<StackOptions, 'yes'> & { readonly volumes: boolean },
  { world, purge }: Doomed,
): Promise<void> {
  if (yes) return;
  const data = volumes ? world.volumes.map((volume) => volume.name) : [];
  const isPurge = purge !== null && (purge.files.length > 0 || purge.users.length > 0);
  if (data.length === 0 && !isPurge) return;
  const what = [
    ...(data.length > 0 ? [`data: ${data.join(', ')}`] : []),
    ...(isPurge ? [purgeWords(purge)] : []),
  ].join('; ');
  if (!host.stdin.isTTY) {
    const flags = [...(volumes ? ['--volumes'] : []), ...(isPurge ? ['--purge'] : [])].join(' ');
    throw new UsageError(`${flags} would delete ${what}`, { hint: 'add --yes to confirm' });
  }
  const isWanted = await host.prompt.confirm({ message: `Delete ${what}?`, default: false });
  if (!isWanted) throw new CancelledError('not confirmed: nothing was removed');
}
