/** How paths into a spec read in messages. */
import type { SpecPath } from './yaml-tree.ts';

/** `servers[0].port`; keys that are not plain words are quoted: `labels["a b"]`. */
export function formatPath(path: SpecPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
