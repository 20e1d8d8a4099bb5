/** What `down` says when it is done: what went, and what stays and why. Pure. */
import type { Purged } from '../apply/purge-stack.ts';
import type { StackRemains } from '../apply/remove-stack.ts';
import type { Runtime } from '../stack/stack.ts';

export interface DownOutcome {
  readonly stackName: string;
  readonly runtime: Runtime;
  readonly remains: StackRemains;
  readonly purged: Purged;
  readonly isPurge: boolean;
}

/** Files are counted: nobody reads a hundred names. Everything else by name. */
function removedWords({ removed }: Purged): readonly string[] {
  const isFile = (name: string) => name.startsWith('/') && !name.startsWith('/opt/');
  const count = removed.filter(isFile).length;
  const files = count === 1 ? '1 file' : `${count} files`;
  const names = [...(count === 0 ? [] : [files]), ...removed.filter((name) => !isFile(name))];
  return names.length === 0 ? [] : [`removed: ${names.join(', ')}`];
}

export function formatDown({ stackName, runtime, remains, purged, isPurge }: DownOutcome): string {
  const { removed, kept } = remains;
  const isNothing = removed.length === 0 && purged.removed.length === 0;
  const what = isNothing
    ? `stack ${stackName} does not run: nothing to remove`
    : `stack ${stackName} is ${isPurge ? 'gone' : 'down'}`;
  const purge = isPurge ? 'pgmon down --purge --volumes' : 'pgmon down --volumes';
  const data = kept.length === 0 ? [] : [`data is kept in ${kept.join(', ')} (remove it with \`${purge}\`)`];
  const files =
    isPurge || runtime === 'docker' || isNothing
      ? []
      : ['its files, users and programs stay (remove them with `pgmon down --purge`)'];
  const stays = purged.kept.map(({ name, reason }) => `${name} stays: ${reason}`);
  return [what, ...removedWords(purged), ...data, ...files, ...stays, ''].join('\n');
}
