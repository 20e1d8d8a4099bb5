/** Which servers of the spec a user names. */
import { UsageError } from '../errors.ts';
import { nearest } from '../spec/nearest.ts';
import type { Server, Stack } from '../stack/stack.ts';

/** In the order of the spec; without names every server. Throws UsageError for a name that the spec does not have. */
export function chooseServers(
  { servers }: Pick<Stack, 'servers'>,
  names: readonly string[],
): readonly Server[] {
  const known = servers.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    const guess = near === null ? '' : `; did you mean "${near}"?`;
    throw new UsageError(`the spec has no server "${unknown}"${guess}`, {
      hint: `name one of ${known.join(', ')}`,
    });
  }
  return servers.filter(({ name }) => names.length === 0 || names.includes(name));
}
