/** The stack's name alone, read from a spec whose other parts may be wrong. */
import { readYaml } from './read-yaml.ts';

export const STACK_NAME_PATTERN = /^[a-z0-9][a-z0-9-]*$/;
export const STACK_NAME_MAX_LENGTH = 40;

/** Null when the text is not YAML or its `name` is not a stack's name. */
export function readStackName(text: string): string | null {
  const read = readYaml(text, '');
  if (!read.ok || typeof read.value !== 'object' || read.value === null || !('name' in read.value))
    return null;
  const { name } = read.value;
  const isName =
    typeof name === 'string' && name.length <= STACK_NAME_MAX_LENGTH && STACK_NAME_PATTERN.test(name);
  return isName ? name : null;
}
