/** The stack's name and its runtime alone, read from a spec whose other parts may be wrong. */
import type { Runtime } from '../stack/stack.ts';
import { readYaml } from './read-yaml.ts';

export const STACK_NAME_PATTERN = /^[a-z0-9][a-z0-9-]*$/;
export const STACK_NAME_MAX_LENGTH = 40;

function readKey(text: string, key: 'name' | 'runtime'): unknown {
  const read = readYaml(text, '');
  if (!read.ok || typeof read.value !== 'object' || read.value === null) return undefined;
  return (read.value as Readonly<Record<string, unknown>>)[key];
}

/** Nothing else may become part of a path or of a unit's name. */
export function isStackName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= STACK_NAME_MAX_LENGTH && STACK_NAME_PATTERN.test(name);
}

/** Null when the text is not YAML or its `name` is not a stack's name. */
export function readStackName(text: string): string | null {
  const name = readKey(text, 'name');
  return isStackName(name) ? name : null;
}

/** The default when the text says nothing that can be used. */
export function readRuntime(text: string): Runtime {
  return readKey(text, 'runtime') === 'native' ? 'native' : 'docker';
}
