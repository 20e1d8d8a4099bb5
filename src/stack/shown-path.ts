/** Paths of a stack's files as people read them. Pure. */
import { nativeConfigDir } from './native-names.ts';
import type { RenderedStack } from './rendered-stack.ts';

/**
 * `path` is relative to the output directory. Natively the answer is where the file lies on the machine, without `..`; a
 * rendered tree has the same below its root.
 */
export function shownPath({ name, runtime }: Pick<RenderedStack, 'name' | 'runtime'>, path: string): string {
  if (runtime === 'docker') return path;
  let dir = nativeConfigDir(name);
  let rest = path;
  while (rest.startsWith('../')) {
    dir = dir.slice(0, dir.lastIndexOf('/'));
    rest = rest.slice(3);
  }
  return `${dir}/${rest}`;
}
